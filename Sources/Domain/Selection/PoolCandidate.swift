package import FoundationEssentials

/// An allowed pool with its price and its result in one decision.
package struct PoolCandidate: Hashable, Codable, Sendable {
    package let pool: Pool
    package let capacity: Int
    package let spotPrice: Price
    package let utility: Double
    package let effectivePrice: Price
    /// The chance of an interruption; nil unless the strategy includes it in the price.
    package let risk: InterruptionPricing.Risk?
    /// The price that the strategy compares: the effective price times the factors of risk and of idle slots.
    package let comparedPrice: Price?
    /// The capacity that the worker type already has in the pool; nil unless the strategy counts it.
    package let held: Int?
    package let refusal: PoolChoice.Refusal?
    /// When the hold on the pool ends.
    package let backedOffUntil: Date?
    /// The subject and the code of the hold on the pool; nil in a decision that an earlier version recorded.
    package let heldBecause: String?
    /// The maximum number of instances in the pool; nil where no pool was chosen.
    package let limit: Int?
    /// The number of instances that are bought in the pool.
    package let count: Int
}
