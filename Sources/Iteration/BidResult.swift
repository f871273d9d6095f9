public import Domain
import FoundationEssentials

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
    /// The `lastModified` of the definition that the launch was made from; nil when there is no launch.
    let definitionModified: Date?

    init(
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
    init(_ bid: Bid, regionIsFullAfter limit: Int) {
        self.init(
            bid, .skipped,
            failure: ServiceFailure(
                kind: .throttled, code: Self.regionShare,
                message:
                    "\(limit) submissions a region an iteration: sought elsewhere if that costs little more, else "
                    + "decided again by the next iteration"))
    }

    /// Whether its region was full.
    var isMoreThanItsShare: Bool { failure?.code == Self.regionShare }

    /// Whether its capacity counts as on its way.
    var counts: Bool { outcome == .launched || outcome == .unanswered }

    /// Whether its capacity may be sought in another pool in the same iteration.
    var mayReselect: Bool { !counts && failure?.mayReselect == true }

    /// What a launch that EC2 took shows to work. A spot request that was placed is not fulfilled yet: it shows no
    /// more than that the account's limits leave room.
    var provenSubjects: [BackOff.Subject] {
        let region = bid.pool.region
        let limits: [BackOff.Subject] = [
            .region(region), bid.market == .spot ? .regionSpot(region) : .regionOnDemand(region),
        ]
        return answer?.instanceId == nil ? limits : limits + bid.offerSubjects
    }
}
