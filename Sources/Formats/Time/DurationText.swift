package import FoundationEssentials

/// The text form of a duration in settings and arguments.
package enum DurationText {
    /// Reads `90`, `90s`, `15m`, `96h` or `4d` as seconds. Returns nil for any other text.
    ///
    /// - Parameters:
    ///   - plainUnit: the unit of a plain number. Seconds.
    ///   - allowsZero: whether zero is a duration, in all units.
    package static func seconds(
        _ text: String, plainUnit: TimeInterval = 1, allowsZero: Bool = false
    ) -> TimeInterval? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let value = Double(unit == nil ? text : String(text.dropLast())), value <= 1e7,
            value > 0 || allowsZero && value == 0
        else { return nil }
        return value * (unit ?? plainUnit)
    }
}
