public import Domain

/// What became of one bid.
public struct BidResult: Sendable {
    public enum Outcome: String, Sendable {
        /// EC2 took it.
        case launched
        /// EC2 refused it.
        case failed
        /// EC2 did not answer: the next iteration looks for it, and repeats the call with the same client token.
        case unanswered
        /// Not submitted, because the same would have failed again, or there was no time left.
        case skipped
        /// Not submitted: a dry run.
        case planned
    }

    public let bid: Bid
    public let outcome: Outcome
    public let launchId: String?
    public let answer: LaunchAnswer?
    public let failure: ServiceFailure?

    init(
        _ bid: Bid, _ outcome: Outcome, launchId: String? = nil, answer: LaunchAnswer? = nil,
        failure: ServiceFailure? = nil
    ) {
        self.bid = bid
        self.outcome = outcome
        self.launchId = launchId
        self.answer = answer
        self.failure = failure
    }

    /// Whether its capacity counts as on its way.
    var counts: Bool { outcome == .launched || outcome == .unanswered }

    /// Whether its capacity may be sought in another pool in the same iteration.
    var mayChooseAgain: Bool { !counts && failure?.mayChooseAgain == true }
}
