/// The pools in which one worker type buys its change: the candidates, and a cover of the change by some of them.
package struct PoolChoice: Hashable, Codable, Sendable {
    /// Why a pool was not used.
    package enum Refusal: String, Codable, Sendable, CaseIterable {
        case aboveMaxPrice = "above maxPrice"
        case aboveMaxBid = "above maxBid"
        case held = "held"

        /// Also reads the name in decisions of earlier versions.
        package init?(rawValue: String) {
            switch rawValue {
            case "above maxPrice": self = .aboveMaxPrice
            case "above maxBid": self = .aboveMaxBid
            case "held", "backed off": self = .held
            default: return nil
            }
        }
    }

    /// The number of pools that the worker type allows and that have a price.
    package internal(set) var considered = 0
    package internal(set) var refused: [Refusal: Int] = [:]
    /// The pools with the least price for each unit of capacity, in that order, with the refused pools.
    package internal(set) var candidates: [PoolCandidate] = []
    /// One bid an instance, cheapest pool first.
    @CountedBids package internal(set) var bids: [Bid] = []
    /// The share of the change that one pool may take. It is above `maxPoolShare` where there are too few pools.
    package internal(set) var poolShare = 0.0
    /// Nil in a choice that an earlier version recorded.
    package internal(set) var parameters: SelectionParameters?
    /// Why fewer instances than requested are bought, or none.
    package internal(set) var problem: Problem?

    private enum CodingKeys: String, CodingKey {
        case considered, refused, candidates, bids, poolShare
        // The key of stored decisions.
        case parameters = "terms"
        case problem
    }

    /// The number of candidates that a decision keeps for explanation.
    static let candidateLimit = 25
    /// The maximum capacity of one decision, which bounds the time of the search. The next iteration decides the rest.
    static let maxDemand = 50_000

    /// Creates an empty choice.
    init() {}
}
