/// The result of one bid.
package struct BidResult: Sendable {
    package enum Outcome: String, Codable, Sendable {
        /// EC2 accepted it.
        case launched
        /// EC2 refused it.
        case failed
        /// No response. The next iteration repeats the call with the same client token unless EC2 shows the launch.
        case unanswered
        /// Not submitted, because the same call would have failed again, or no time was left.
        case skipped
        /// Not submitted in a dry run.
        case planned
    }

    package let bid: Bid
    package let outcome: Outcome
    package let launchId: String?
    package let answer: LaunchResponse?
    package let failure: ServiceFailure?
    /// The fingerprint of the definition that the launch was made from; nil where it is unknown.
    package let definition: String?
    /// Whether the call repeats the launch of an earlier iteration, whose capacity counts as requested already.
    package var isRepeat = false

    package init(
        _ bid: Bid, _ outcome: Outcome, launchId: String? = nil, answer: LaunchResponse? = nil,
        failure: ServiceFailure? = nil, definition: String? = nil
    ) {
        self.bid = bid
        self.outcome = outcome
        self.launchId = launchId
        self.answer = answer
        self.failure = failure
        self.definition = definition
    }

    /// Creates the result of a bid that does not fit into a quota of the account.
    init(_ bid: Bid, refusedBy quotas: QuotaBudget) {
        self.init(bid, .skipped, failure: quotas.refusal(of: bid))
    }

    private static let regionLimitCode = "region-share"
    private static let totalLimitCode = "total-limit"

    /// Creates the result of a bid above the limit of submissions of its region.
    package init(_ bid: Bid, regionLimit limit: Int) {
        self.init(
            bid, .skipped,
            failure: ServiceFailure(
                kind: .throttled, code: Self.regionLimitCode,
                message:
                    "\(limit) submissions a region an iteration: reselected where that costs little more, else "
                    + "decided again by the next iteration"))
    }

    /// Creates the result of a bid that would exceed a limit over all worker types.
    package init(_ over: BidOverLimit) {
        self.init(
            over.bid, .skipped,
            failure: ServiceFailure(kind: .throttled, code: Self.totalLimitCode, message: over.reason))
    }

    /// Whether the bid was above the limit of submissions of its region.
    package var exceedsRegionLimit: Bool { failure?.code == Self.regionLimitCode }

    /// Whether its capacity counts as requested.
    package var counts: Bool { outcome == .launched || outcome == .unanswered || outcome == .planned }

    /// Whether another pool may replace its capacity in the same iteration.
    package var mayReselect: Bool { !counts && failure?.mayReselect == true }
}
