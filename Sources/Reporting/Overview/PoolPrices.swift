package import Domain

/// What a pool costs one worker type, now and before.
package struct PoolPrices: Sendable {
    package let pool: Pool
    package let platform: ImagePlatform
    /// Tasks that one instance runs at once.
    package let capacity: Int
    package let utility: Double
    package let price: Price
    package let effectivePrice: Price
    /// Whether the effective price is above the worker type's `maxPrice`.
    package let isAboveMaxPrice: Bool
    /// Instances of the worker type in it.
    package internal(set) var instances = 0
    /// Oldest first.
    package internal(set) var history: [PricePoint] = []

    /// The pools that a worker type allows and that have a price, the cheapest for each unit of capacity first.
    static func allowed(
        for type: WorkerType, prices: [PricedPool: Price], platforms: PoolPlatforms,
        rules: ProvisioningRules
    ) -> [PoolPrices] {
        let definition = type.definition
        let allowed = AllowedPools(of: definition)
        let maxPrice = Price(usd: definition.maxPrice)
        return prices.compactMap { priced, price -> PoolPrices? in
            let pool = priced.pool
            guard let type = allowed.configuration(of: pool), platforms.platform(of: pool) == priced.platform
            else { return nil }
            let effective = Pricing(definition, utility: type.utility, reading: rules.utility)
                .effectivePrice(of: price)
            return PoolPrices(
                pool: pool, platform: priced.platform,
                capacity: allowed.capacity(ofInstanceType: pool.instanceType),
                utility: type.utility, price: price,
                effectivePrice: effective, isAboveMaxPrice: effective > maxPrice)
        }.sorted { left, right in
            (left.perCapacity, left.pool) < (right.perCapacity, right.pool)
        }
    }

    /// US dollars an hour of effective price for each task that runs at once.
    package var perCapacity: Double { effectivePrice.usd / Double(capacity) }
}
