import Domain

extension SettingsReader {
    /// The limits over all worker types.
    mutating func totalLimits() -> TotalLimits {
        var limits = TotalLimits()
        for kind in TotalLimits.Kind.allCases {
            limits[kind] =
                kind.isSpend
                ? number(kind.setting, TotalLimits.spendRange)
                : integer(kind.setting, TotalLimits.countRange).map(Double.init)
        }
        return limits
    }
}
