package import FoundationEssentials

/// Which pools one worker type buys its change in: every allowed pool judged, and a cover of them.
package struct PoolChoice: Hashable, Codable, Sendable {
    /// Why a pool was not considered.
    package enum Refusal: String, Codable, Sendable, CaseIterable {
        case aboveMaxPrice = "above maxPrice"
        case backedOff = "backed off"
    }

    /// An allowed pool with the arithmetic that it is compared by.
    package struct Candidate: Hashable, Codable, Sendable {
        package let pool: Pool
        package let capacity: Int
        package let spotPrice: Price
        package let utility: Double
        package let effectivePrice: Price
        /// The chance of an interruption, where the strategy prices it in.
        package let risk: InterruptionPricing.Risk?
        /// The price that the strategy compares: the effective price, times the factors of risk and
        /// of idle slots where there are any.
        package let comparedPrice: Price?
        /// The capacity that the worker type has in it already, where the strategy counts that.
        package let held: Int?
        package let refusal: Refusal?
        /// When the back-off that holds it ends.
        package let backedOffUntil: Date?
        /// The most instances that could have been bought in it; nil where none were bought anywhere.
        package let limit: Int?
        /// Instances bought in it.
        package let count: Int
    }

    /// What a choice was made under: with the candidates, enough to check it by hand.
    package struct Terms: Hashable, Codable, Sendable {
        package let strategy: Strategy
        package let utility: ProvisioningRules.Utility
        /// The capacity to buy.
        package let amount: Int
        /// The capacity that was left below maxCapacity.
        package let headroom: Int
        /// The total capacity that was not to be passed: the headroom, or what whole instances need beyond it.
        package internal(set) var ceiling: Int
        /// The deployment's largest share of one pool; `poolShare` is what it was raised to.
        package let maxPoolShare: Double
        /// The worker type's bounds of effective price, US dollars an hour.
        package let minPrice: Double
        package let maxPrice: Double
        /// What `risk-adjusted` prices risks by.
        package internal(set) var interruptionPricing: InterruptionPricing?
        /// What idle slots of large instances are priced in by; nil where they are not.
        package internal(set) var idlePricing: IdlePricing?
        /// What `diversified` found.
        package internal(set) var spread: Spread?
        /// What `random-zone` drew its pools by.
        package internal(set) var seed: UInt64?
    }

    /// How thinly `diversified` could spread the change.
    package struct Spread: Hashable, Codable, Sendable {
        /// The share of all capacity that a pool may be filled to.
        package let level: Double
        /// The capacity that the worker type has in all pools already.
        package let heldInAll: Int
        /// The least total price, and how much more may be paid.
        package let leastPrice: Price
        package let maxPremium: Double
    }

    /// Pools that the worker type allows and that have a price.
    package internal(set) var considered = 0
    package internal(set) var refused: [Refusal: Int] = [:]
    /// The cheapest for each unit of capacity, in that order; the refused among them as well.
    package internal(set) var candidates: [Candidate] = []
    /// What is bought: one bid an instance, cheapest pool first.
    package internal(set) var bids: [Bid] = []
    /// The share of the change that one pool may take, after it was raised for want of pools.
    package internal(set) var poolShare = 0.0
    /// What it was made under; nil in one that an earlier version recorded.
    package internal(set) var terms: Terms?
    /// Why nothing, or less than asked, is bought.
    package internal(set) var problem: Problem?

    /// How many candidates a decision keeps for explanation.
    static let kept = 25
    /// The most capacity that one decision looks ahead. What is beyond waits for the next iteration, as does all
    /// that passes the limit of submissions.
    static let lookAhead = 50_000

    /// An empty choice, with the reason.
    init(problem: Problem? = nil) { self.problem = problem }
}
