/// The failures of one round in one region that rule out further launches.
package struct RoundRefusals: Sendable {
    private var subjects: [HoldSubject: ServiceFailure] = [:]
    private var workerTypes: [String: ServiceFailure] = [:]
    private var everything: ServiceFailure?

    package init() {}

    package mutating func note(_ result: BidResult) {
        guard let failure = result.failure else { return }
        if let subject = failure.holdSubject(for: result.bid) {
            subjects[subject] = failure
            return
        }
        switch failure.kind {
        case .unauthorized:
            // The right may be missing for the image, role or subnet of one worker type; when a second one is refused,
            // the deployment lacks it.
            workerTypes[result.bid.workerType] = failure
            if workerTypes.values.count(where: { $0.kind == .unauthorized }) > 1 { everything = failure }
        case .notFound: workerTypes[result.bid.workerType] = failure
        case .tokenUsed: break
        default: everything = failure
        }
    }

    /// The failure that rules out a bid; nil where it may succeed.
    package func reason(against bid: Bid) -> ServiceFailure? {
        if let reason = everything ?? workerTypes[bid.workerType] { return reason }
        return (bid.limitSubjects + bid.offerSubjects).lazy.compactMap { subjects[$0] }.first
    }
}
