/// The parameters of a choice of pools. Together with the candidates they are enough to check the choice by hand.
package struct SelectionParameters: Hashable, Codable, Sendable {
    package let strategy: Strategy
    package let utility: ProvisioningRules.Utility
    /// The capacity to buy in this iteration.
    package internal(set) var amount: Int
    /// The capacity left below maxCapacity.
    package let headroom: Int
    /// The maximum total capacity: the headroom, or more where whole instances exceed it.
    package internal(set) var ceiling: Int
    /// The deployment's maximum share of one pool. `PoolChoice.poolShare` is the share that was used.
    package let maxPoolShare: Double
    /// The worker type's bounds of effective price, US dollars an hour.
    package let minPrice: Double
    package let maxPrice: Double
    /// The prices of interruptions; nil unless the strategy is `risk-adjusted`.
    package internal(set) var interruptionPricing: InterruptionPricing?
    /// The prices of idle slots; nil where they are not compared.
    package internal(set) var idlePricing: IdlePricing?
    /// The spread that `diversified` found.
    package internal(set) var spread: Spread?
    /// The seed of the pools that `random-zone` drew.
    package internal(set) var seed: UInt64?

    /// The thinnest spread of the change that `diversified` found.
    package struct Spread: Hashable, Codable, Sendable {
        /// The share of the total capacity up to which a pool is filled.
        package let level: Double
        /// The capacity that the worker type already has in all pools.
        package let heldInAll: Int
        package let leastPrice: Price
        /// The maximum premium over the least price, as a share of it.
        package let maxPremium: Double
    }
}
