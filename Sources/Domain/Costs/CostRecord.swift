package import FoundationEssentials

/// What the costs of a span of time are computed from.
package struct CostRecord: Sendable {
    package let instances: [BilledInstance]
    package let prices: InstancePrices
    /// By worker type.
    package let owners: [String: String]
    /// The begin of the span. What was billed before it is left out.
    package let since: Date
    /// The end of the span, up to which running instances are billed.
    package let until: Date

    package init(
        _ instances: [BilledInstance], prices: InstancePrices, owners: [String: String] = [:], since: Date,
        until: Date
    ) {
        self.instances = instances
        self.prices = prices
        self.owners = owners
        self.since = since
        self.until = until
    }
}
