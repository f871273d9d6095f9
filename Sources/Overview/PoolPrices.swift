package import Domain
package import Storage

/// What a pool costs one worker type, now and before.
package struct PoolPrices: Sendable {
    package let pool: Pool
    /// Tasks that one instance runs at once.
    package let capacity: Int
    package let utility: Double
    package let price: Price
    package let effectivePrice: Price
    /// Whether the effective price is above the worker type's `maxPrice`.
    package let isTooDear: Bool
    /// Instances of the worker type in it.
    package internal(set) var instances = 0
    /// Oldest first.
    package internal(set) var history: [HistoryStore.PricePoint] = []

    /// The pools that a worker type allows and that have a price, the cheapest for each unit of capacity first.
    static func allowed(
        for type: WorkerType, prices: [Pool: Price], rules: ProvisioningRules
    ) -> [PoolPrices] {
        let definition = type.definition
        let types = Dictionary(
            definition.instanceTypes.map { ($0.instanceType, $0) }, uniquingKeysWith: { first, _ in first })
        let regions = Set(definition.regions.map(\.region))
        let zones = Dictionary(grouping: definition.availabilityZones, by: \.region).mapValues {
            Set($0.map(\.availabilityZone))
        }
        let maxPrice = Price(usd: definition.maxPrice)
        return prices.compactMap { pool, price -> PoolPrices? in
            guard let type = types[pool.instanceType], regions.contains(pool.region),
                zones[pool.region]?.contains(pool.availabilityZone) ?? true
            else { return nil }
            let effective = Pricing(definition, utility: type.utility, reading: rules.utility)
                .effectivePrice(of: price)
            return PoolPrices(
                pool: pool, capacity: max(1, type.capacity), utility: type.utility, price: price,
                effectivePrice: effective, isTooDear: effective > maxPrice)
        }.sorted { left, right in
            (left.perCapacity, left.pool) < (right.perCapacity, right.pool)
        }
    }

    /// US dollars an hour of effective price for each task that runs at once.
    package var perCapacity: Double { effectivePrice.usd / Double(capacity) }
}
