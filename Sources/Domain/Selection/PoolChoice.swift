public import FoundationEssentials

/// Which pools one worker type buys its change in: every allowed pool judged, and a cover of them.
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
        /// The chance of an interruption, where the strategy prices it in.
        public let risk: InterruptionPricing.Risk?
        /// The price that the strategy compares: the effective price, times the factors of risk and
        /// of idle slots where there are any.
        public let comparedPrice: Price?
        /// The capacity that the worker type has in it already, where the strategy counts that.
        public let held: Int?
        public let refusal: Refusal?
        /// When the back-off that holds it ends.
        public let backedOffUntil: Date?
        /// The most instances that could have been bought in it; nil where none were bought anywhere.
        public let limit: Int?
        /// Instances bought in it.
        public let count: Int
    }

    /// What a choice was made under: with the candidates, enough to check it by hand.
    public struct Terms: Hashable, Codable, Sendable {
        public let strategy: Strategy
        public let utility: ProvisioningRules.Utility
        /// The capacity to buy.
        public let amount: Int
        /// The capacity that was left below maxCapacity.
        public let headroom: Int
        /// The total capacity that was not to be passed: the headroom, or what whole instances need beyond it.
        public internal(set) var ceiling: Int
        /// The deployment's largest share of one pool; `poolShare` is what it was raised to.
        public let maxPoolShare: Double
        /// The worker type's bounds of effective price, US dollars an hour.
        public let minPrice: Double
        public let maxPrice: Double
        /// What `risk-adjusted` prices risks by.
        public internal(set) var interruptionPricing: InterruptionPricing?
        /// What idle slots of large instances are priced in by; nil where they are not.
        public internal(set) var idlePricing: IdlePricing?
        /// What `diversified` found.
        public internal(set) var spread: Spread?
        /// What `random-zone` drew its pools by.
        public internal(set) var seed: UInt64?
    }

    /// How thinly `diversified` could spread the change.
    public struct Spread: Hashable, Codable, Sendable {
        /// The share of all capacity that a pool may be filled to.
        public let level: Double
        /// The capacity that the worker type has in all pools already.
        public let heldInAll: Int
        /// The least total price, and how much more may be paid.
        public let leastPrice: Price
        public let maxPremium: Double
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
    /// What it was made under; nil in one that an earlier version recorded.
    public internal(set) var terms: Terms?
    /// Why nothing, or less than asked, is bought.
    public internal(set) var problem: Problem?

    /// How many candidates a decision keeps for explanation.
    static let kept = 25
    /// The most capacity that one decision looks ahead. What is beyond waits for the next iteration, as does all
    /// that passes the limit of submissions.
    static let lookAhead = 50_000

    /// An empty choice, with the reason.
    init(problem: Problem? = nil) { self.problem = problem }
}
