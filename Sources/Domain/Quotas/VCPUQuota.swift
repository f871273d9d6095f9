/// A quota of the account: the vCPUs of all running and requested instances of one quota class, in one market of a region.
package struct VCPUQuota: Hashable, Codable, Sendable {
    /// What a quota concerns.
    package struct Subject: Hashable, Codable, Sendable {
        package let market: Market
        package let region: String
        package let quotaClass: QuotaClass

        package init(_ market: Market, _ region: String, _ quotaClass: QuotaClass) {
            self.market = market
            self.region = region
            self.quotaClass = quotaClass
        }
    }

    package let subject: Subject
    package let vCPUs: Int

    package init(_ subject: Subject, vCPUs: Int) {
        self.subject = subject
        self.vCPUs = vCPUs
    }

    /// The subject of a quota of the service `ec2` in Service Quotas; nil for quotas of other things.
    ///
    /// Source: the list of quotas in the Service Quotas console, "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance
    /// Requests" and "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances" for example.
    package static func subject(ofCode code: String) -> (market: Market, quotaClass: QuotaClass)? {
        subjects[code]
    }

    private static let subjects: [String: (market: Market, quotaClass: QuotaClass)] = [
        "L-34B43A08": (.spot, .standard), "L-1216C47A": (.onDemand, .standard),
        "L-88CF9481": (.spot, .f), "L-74FC7D96": (.onDemand, .f),
        "L-3819A6DF": (.spot, .g), "L-DB2E81BA": (.onDemand, .g),
        "L-7212CCBC": (.spot, .p), "L-417A185B": (.onDemand, .p),
        "L-E3A00192": (.spot, .x), "L-7295265B": (.onDemand, .x),
        "L-B5D1601B": (.spot, .inf), "L-1945791B": (.onDemand, .inf),
        "L-6B0D517C": (.spot, .trn), "L-2C3B7624": (.onDemand, .trn),
        "L-85EED4F7": (.spot, .dl), "L-6E869C2A": (.onDemand, .dl),
        "L-F7808C92": (.onDemand, .hpc), "L-43DA4232": (.onDemand, .highMemory),
    ]
}

extension VCPUQuota.Subject {
    /// The subject of an instance; nil where its quota is not known beforehand: newer spot instances of class P have quotas of
    /// their own.
    init?(_ market: Market, _ pool: Pool) {
        self.init(market, pool.region, QuotaClass(instanceType: pool.instanceType))
        if !covers(pool.instanceType) { return nil }
    }

    /// Whether an instance type of the quota class counts against the quota.
    func covers(_ instanceType: String) -> Bool {
        quotaClass != .p || market == .onDemand || ["p2", "p3", "p4"].contains(instanceType.prefix(2))
    }

    /// For example `Standard spot in us-east-1`.
    package var name: String {
        "\(quotaClass.rawValue) \(market == .spot ? "spot" : "on demand") in \(region)"
    }
}

extension VCPUQuota.Subject: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.region, left.market.rawValue, left.quotaClass.rawValue)
            < (right.region, right.market.rawValue, right.quotaClass.rawValue)
    }
}
