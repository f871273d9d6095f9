/// Which pools one worker type buys its change in: every allowed pool judged, and the cheapest cover of them.
public struct PoolChoice: Hashable, Codable, Sendable {
    /// Why a pool was not considered.
    public enum Refusal: String, Codable, Sendable, CaseIterable {
        case aboveMaxPrice = "above maxPrice"
        case backedOff = "backed off"
    }

    /// An allowed pool with the arithmetic that it is compared by.
    public struct Candidate: Hashable, Codable, Sendable {
        public let pool: Pool
        public let capacity: Int
        public let spotPrice: Price
        public let utility: Double
        public let effectivePrice: Price
        public let refusal: Refusal?
        /// Instances bought in it.
        public var count: Int
    }

    /// Pools that the worker type allows and that have a price.
    public internal(set) var considered = 0
    public internal(set) var refused: [Refusal: Int] = [:]
    /// The cheapest for each unit of capacity, in that order; the refused among them as well.
    public internal(set) var candidates: [Candidate] = []
    /// What is bought: one bid an instance, cheapest pool first.
    public internal(set) var bids: [Bid] = []
    /// The share of the change that one pool may take, after it was raised for want of pools.
    public internal(set) var poolShare = 0.0
    /// Why nothing, or less than asked, is bought.
    public internal(set) var problem: String?

    /// How many candidates a decision keeps for explanation.
    static let kept = 25
    /// The most capacity that one decision looks ahead. What is beyond waits for the next iteration, as does all
    /// that passes the limit of submissions.
    static let lookAhead = 50_000

    /// An empty choice, with the reason.
    init(problem: String? = nil) { self.problem = problem }
}
