import Domain
import Formats

extension Replay {
    /// Submits a plan's bids and chooses again for what was not to be had, in rounds, as an iteration does.
    mutating func buy(_ plan: Plan, _ now: Double) {
        var bids = plan.bids
        var order = SubmissionOrder(perRegion: rules.submissionsPerRegion)
        var underWay: [String: [Bid]] = [:]
        for round in 0...rules.reselections where !bids.isEmpty {
            let (missing, waiting) = submit(bids, &order, &underWay, now)
            guard round < rules.reselections else { return }
            bids = []
            for (type, decision) in zip(workerTypes, plan.decisions) {
                bids +=
                    decision.choosingAgain(
                        for: type, missing: missing[type.name] ?? 0, waiting: waiting[type.name] ?? [],
                        underWay: underWay[type.name] ?? [], fullRegions: order.fullRegions,
                        isLast: round + 1 == rules.reselections, market: market.view, rules: rules
                    ).bids
            }
        }
    }

    /// One round, in the order of an iteration. A pool that refused once is not asked again in it.
    ///
    /// - Returns: by worker type, the capacity that may be sought elsewhere, and the bids that their region may not be
    ///   sent any more.
    private mutating func submit(
        _ bids: [Bid], _ order: inout SubmissionOrder, _ underWay: inout [String: [Bid]], _ now: Double
    ) -> (missing: [String: Int], waiting: [String: [Bid]]) {
        var missing: [String: Int] = [:]
        var failed: [(subject: BackOff.Subject, failure: ServiceFailure)] = []
        var worked: Set<BackOff.Subject> = []
        let (regions, waiting) = order.take(bids)
        for (_, bids) in regions {
            var refused: [Pool: ServiceFailure] = [:]
            for bid in bids {
                if refused[bid.pool] != nil {
                    missing[bid.workerType, default: 0] += bid.capacity
                    order.giveBack([bid])
                    continue
                }
                calls.ec2 += 1
                guard let failure = market.refusal(of: bid, now: now) else {
                    launch(bid, now)
                    underWay[bid.workerType, default: []].append(bid)
                    worked.formUnion(bid.offerSubjects)
                    continue
                }
                countRefusal()
                refused[bid.pool] = failure
                if failure.mayReselect { missing[bid.workerType, default: 0] += bid.capacity }
                if let subject = failure.backOffSubject(for: bid) { failed.append((subject, failure)) }
            }
        }
        market.learn(failed: failed, worked: worked.subtracting(failed.map(\.subject)), now: now)
        return (missing, Dictionary(grouping: waiting, by: \.workerType))
    }
}
