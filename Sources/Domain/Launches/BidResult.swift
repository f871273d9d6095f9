public import FoundationEssentials

/// The result of one bid.
public struct BidResult: Sendable {
    public enum Outcome: String, Codable, Sendable {
        /// EC2 accepted it.
        case launched
        /// EC2 refused it.
        case failed
        /// No response: the next iteration looks for it, and repeats the call with the same client token.
        case unanswered
        /// Not submitted, because the same would have failed again, or there was no time left.
        case skipped
        /// EC2 would be called: a dry run.
        case planned
    }

    public let bid: Bid
    public let outcome: Outcome
    public let launchId: String?
    public let answer: LaunchAnswer?
    public let failure: ServiceFailure?
    /// The `lastModified` of the definition that the launch was made from; nil when there is no launch.
    public let definitionModified: Date?

    public init(
        _ bid: Bid, _ outcome: Outcome, launchId: String? = nil, answer: LaunchAnswer? = nil,
        failure: ServiceFailure? = nil, definitionModified: Date? = nil
    ) {
        self.bid = bid
        self.outcome = outcome
        self.launchId = launchId
        self.answer = answer
        self.failure = failure
        self.definitionModified = definitionModified
    }

    private static let regionShare = "region-share"

    /// A bid that its region may not be sent in this iteration, after so many others.
    public init(_ bid: Bid, regionIsFullAfter limit: Int) {
        self.init(
            bid, .skipped,
            failure: ServiceFailure(
                kind: .throttled, code: Self.regionShare,
                message:
                    "\(limit) submissions a region an iteration: reselected where that costs little more, else "
                    + "decided again by the next iteration"))
    }

    /// Whether its region was full.
    public var isMoreThanItsShare: Bool { failure?.code == Self.regionShare }

    /// Whether its capacity counts as on its way.
    public var counts: Bool { outcome == .launched || outcome == .unanswered || outcome == .planned }

    /// Whether another pool may replace its capacity in the same iteration.
    public var mayReselect: Bool { !counts && failure?.mayReselect == true }

    /// The subjects that an accepted launch shows to work. A spot request that is not fulfilled yet shows only that it
    /// is within the account's limits.
    public var provenSubjects: [BackOff.Subject] {
        answer?.instanceId == nil ? bid.limitSubjects : bid.limitSubjects + bid.offerSubjects
    }
}
