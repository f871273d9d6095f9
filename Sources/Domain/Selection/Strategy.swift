/// The strategy that distributes a worker type's change over its pools.
///
/// All strategies keep price bounds, holds, pool shares and maxCapacity, and calculate the bid from the spot price.
package enum Strategy: String, Codable, Sendable, CaseIterable {
    /// The cover with the least total effective price, exactly.
    case leastCost = "least-cost"
    /// The thinnest spread at a bounded premium over the least price. It counts the capacity that the worker type already
    /// has in each pool.
    case diversified
    /// The cover with the least total price, including the expected work that interruptions lose.
    case riskAdjusted = "risk-adjusted"
    /// A baseline: pools drawn at random, one instance at a time, as in the original service.
    case randomZone = "random-zone"
    /// A baseline: the pools in order of effective price for each unit of capacity, each filled to its share.
    case cheapestPool = "cheapest-pool"

    /// Whether the strategy is a baseline for comparisons.
    package var isBaseline: Bool { self == .randomZone || self == .cheapestPool }
}
