import Domain

extension Replay {
    /// Submits a plan's bids and chooses again for what was not to be had, in rounds, as an iteration does.
    mutating func buy(_ plan: Plan, _ now: Double) {
        var bids = plan.bids
        var used: [String: Int] = [:]
        var underWay: [String: [Bid]] = [:]
        for round in 0...rules.reselections where !bids.isEmpty {
            let missing = submit(bids, &used, &underWay, now)
            guard round < rules.reselections else { return }
            bids = []
            for (type, decision) in zip(workerTypes, plan.decisions) {
                guard let capacity = missing[type.name] else { continue }
                bids +=
                    decision.choosingAgain(
                        for: type, missing: capacity, underWay: underWay[type.name] ?? [],
                        isLast: round + 1 == rules.reselections, market: market.view, rules: rules
                    ).bids
            }
        }
    }

    /// One round, in the order of an iteration. A pool that refused once is not asked again in it.
    ///
    /// - Returns: the capacity that may be sought elsewhere, by worker type.
    private mutating func submit(
        _ bids: [Bid], _ used: inout [String: Int], _ underWay: inout [String: [Bid]], _ now: Double
    ) -> [String: Int] {
        var missing: [String: Int] = [:]
        var failed: [(subject: BackOff.Subject, failure: ServiceFailure)] = []
        var worked: Set<BackOff.Subject> = []
        let inTurn = SubmissionOrder.roundRobin(bids, perRegion: .max).regions
        for (region, bids) in inTurn.sorted(by: { $0.key < $1.key }) {
            let left = max(0, rules.submissionsPerRegion - used[region, default: 0])
            used[region, default: 0] += min(left, bids.count)
            var refused: [Pool: ServiceFailure] = [:]
            for bid in bids.prefix(left) {
                if refused[bid.pool] != nil {
                    missing[bid.workerType, default: 0] += bid.capacity
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
                if failure.mayChooseAgain { missing[bid.workerType, default: 0] += bid.capacity }
                if let subject = failure.backOffSubject(for: bid) { failed.append((subject, failure)) }
            }
        }
        market.learn(failed: failed, worked: worked.subtracting(failed.map(\.subject)), now: now)
        return missing
    }
}
