package import Domain

/// A vCPU quota of the account in a simulation, written as `spot:us-east-1:Standard=640`.
package struct SimulatedQuota: Hashable, Sendable {
    package let quota: VCPUQuota

    /// The form of the text, for messages.
    package static var form: String {
        let classes = QuotaClass.allCases.map(name).joined(separator: ", ")
        return
            "market:region:class=vCPUs, as spot:us-east-1:Standard=640; the markets are spot and on-demand, the classes "
            + classes
    }

    /// The name of a class without blanks, which separate quotas: `G-and-VT`.
    private static func name(_ quotaClass: QuotaClass) -> String {
        quotaClass.rawValue.replacing(" ", with: "-")
    }

    /// Nil for text of another form.
    package init?(_ text: String) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        let parts = (sides.first ?? "").split(separator: ":", omittingEmptySubsequences: false).map(
            String.init)
        guard sides.count == 2, parts.count == 3, let market = Market(rawValue: parts[0]), !parts[1].isEmpty,
            let quotaClass = QuotaClass.allCases.first(where: { Self.name($0) == parts[2] }),
            let vCPUs = Int(sides[1]), vCPUs >= 0
        else { return nil }
        quota = VCPUQuota(VCPUQuota.Subject(market, parts[1], quotaClass), vCPUs: vCPUs)
    }
}

extension AccountQuotas {
    /// - Parameter instanceTypes: the names of the simulated types. Their sizes follow from their names; `metal` has none.
    package init(_ quotas: [SimulatedQuota], instanceTypes: some Sequence<String>) {
        self.init()
        for quota in quotas { limits[quota.quota.subject] = quota.quota.vCPUs }
        for type in instanceTypes { sizes[type] = .some(Self.usualSize(type)) }
    }

    /// vCPUs. Of most families, `large` has 2 vCPUs and the larger sizes a multiple.
    private static func usualSize(_ instanceType: String) -> Int? {
        guard let size = instanceType.split(separator: ".").last, size.hasSuffix("large") else { return nil }
        if size == "large" { return 2 }
        let factor = size == "xlarge" ? 1 : Int(size.dropLast("xlarge".count))
        return factor.map { 4 * $0 }
    }
}
