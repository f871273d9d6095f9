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

    /// Whether its capacity counts as on its way.
    var counts: Bool { outcome == .launched || outcome == .unanswered }

    /// Whether its capacity may be sought in another pool in the same iteration.
    var mayChooseAgain: Bool {
        guard !counts, let kind = failure?.kind else { return false }
        switch kind {
        case .noCapacity, .noZoneCapacity, .priceTooLow, .spotLimit, .onDemandLimit, .regionLimit, .other:
            return true
        case .throttled, .definition, .unauthorized, .notFound, .tokenUsed, .unreachable: return false
        }
    }

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

extension Bid {
    /// What an instance that started shows to work, beside the limits of the account.
    var offerSubjects: [BackOff.Subject] {
        [
            market == .spot ? .pool(pool) : .onDemandPool(pool),
            .zone(region: pool.region, zone: pool.availabilityZone), .workerType(workerType),
        ]
    }
}

extension ServiceFailure {
    /// What is left alone because a bid failed this way; nil when the failure says nothing of the offer.
    func backOffSubject(for bid: Bid) -> BackOff.Subject? {
        switch kind {
        case .noCapacity, .priceTooLow, .other:
            bid.market == .spot ? .pool(bid.pool) : .onDemandPool(bid.pool)
        case .noZoneCapacity: .zone(region: bid.pool.region, zone: bid.pool.availabilityZone)
        case .spotLimit: .regionSpot(bid.pool.region)
        case .onDemandLimit: .regionOnDemand(bid.pool.region)
        case .regionLimit: .region(bid.pool.region)
        case .definition: .workerType(bid.workerType)
        case .throttled, .unauthorized, .notFound, .tokenUsed, .unreachable: nil
        }
    }
}
