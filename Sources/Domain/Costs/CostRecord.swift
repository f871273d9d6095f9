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

    /// The sum of a part of the span. US dollars, without hours of unknown price.
    package func total(since begin: Date, until end: Date) -> Double {
        instances.reduce(0) { sum, instance in
            let begin = max(begin, instance.startedAt)
            let end = min(end, instance.billedUntil(now: until))
            return begin < end ? sum + (prices.cost(of: instance, from: begin, to: end) ?? 0) : sum
        }
    }
}
