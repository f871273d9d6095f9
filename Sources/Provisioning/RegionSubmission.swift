import Domain

/// Submits one region's bids in their order, a limited number at once.
struct RegionSubmission: Sendable {
    let submitter: LaunchSubmitter
    let launchesAtOnce: Int
    let iteration: Int64
    let workerTypes: [String: WorkerType]

    func submit(_ bids: [(bid: Bid, identity: LaunchIdentity)]) async -> [BidResult] {
        await withTaskGroup(of: BidResult.self) { group in
            var results: [BidResult] = []
            var refusals = RoundRefusals()
            var remaining = bids[...]
            var running = 0
            while true {
                while running < launchesAtOnce, let (bid, identity) = remaining.popFirst() {
                    guard let type = workerTypes[bid.workerType] else {
                        results.append(BidResult(bid, .skipped))
                        continue
                    }
                    if let reason = refusals.reason(against: bid) ?? submitter.reasonToStop {
                        results.append(BidResult(bid, .skipped, failure: reason))
                    } else {
                        running += 1
                        group.addTask {
                            await submitter.submit(bid, of: type, as: identity, iteration: iteration)
                        }
                    }
                }
                guard let result = await group.next() else { return results }
                running -= 1
                refusals.note(result)
                results.append(result)
            }
        }
    }
}
