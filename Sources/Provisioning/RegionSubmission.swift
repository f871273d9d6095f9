import Domain

/// Submits one region's bids in their order, a limited number at once, each stored before EC2 is called.
struct RegionSubmission: Sendable {
    let submitter: LaunchSubmitter
    let launchesAtOnce: Int
    let iteration: Int64
    let workerTypes: [String: WorkerType]

    func submit(_ bids: [(bid: Bid, identity: LaunchIdentity)]) async -> [BidResult] {
        await withTaskGroup(of: BidResult.self) { group in
            var results: [BidResult] = []
            var refusals = Refusals()
            var waiting = bids[...]
            var underWay = 0
            while true {
                while underWay < launchesAtOnce, let (bid, identity) = waiting.popFirst() {
                    guard let type = workerTypes[bid.workerType] else {
                        results.append(BidResult(bid, .skipped))
                        continue
                    }
                    if let reason = refusals.reason(against: bid) ?? submitter.reasonToStop {
                        results.append(BidResult(bid, .skipped, failure: reason))
                    } else {
                        underWay += 1
                        group.addTask {
                            await submitter.submit(bid, of: type, as: identity, iteration: iteration)
                        }
                    }
                }
                guard let result = await group.next() else { return results }
                underWay -= 1
                refusals.note(result)
                results.append(result)
            }
        }
    }
}

/// Failures in this round that rule out further launches.
private struct Refusals {
    private var subjects: [BackOff.Subject: ServiceFailure] = [:]
    private var workerTypes: [String: ServiceFailure] = [:]
    private var everything: ServiceFailure?

    mutating func note(_ result: BidResult) {
        guard let failure = result.failure else { return }
        if let subject = failure.backOffSubject(for: result.bid) {
            subjects[subject] = failure
            return
        }
        switch failure.kind {
        case .unauthorized:
            // The image, role or subnet of one worker type may be out of bounds; where a second one is refused as
            // well, it is the deployment that lacks the right.
            workerTypes[result.bid.workerType] = failure
            if workerTypes.values.count(where: { $0.kind == .unauthorized }) > 1 { everything = failure }
        case .notFound: workerTypes[result.bid.workerType] = failure
        case .tokenUsed: break
        default: everything = failure
        }
    }

    func reason(against bid: Bid) -> ServiceFailure? {
        if let reason = everything ?? workerTypes[bid.workerType] { return reason }
        return (bid.limitSubjects + bid.offerSubjects).lazy.compactMap { subjects[$0] }.first
    }
}
