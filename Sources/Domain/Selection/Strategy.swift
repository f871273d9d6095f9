/// How a worker type's change is spread over the pools that it may use.
///
/// Price bounds, back-offs, pool shares and maxCapacity hold for every one of them, and the bid follows the true
/// spot price.
package enum Strategy: String, Codable, Sendable, CaseIterable {
    /// The cover with the least total effective price, exactly.
    case leastCost = "least-cost"
    /// As thinly spread as it can be had for a bounded premium over the least price, counting what is held
    /// already.
    case diversified
    /// The cover with the least total price once the work that interruptions lose is priced in.
    case riskAdjusted = "risk-adjusted"
    /// A baseline: pools drawn at random, one instance at a time, as the original service chose its zones.
    case randomZone = "random-zone"
    /// A baseline: the pools in order of effective price for each unit of capacity, each filled to its share.
    case cheapestPool = "cheapest-pool"

    /// Whether it is here to measure the others against, which look for the least price.
    package var isBaseline: Bool { self == .randomZone || self == .cheapestPool }
}
