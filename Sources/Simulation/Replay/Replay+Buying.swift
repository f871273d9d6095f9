import Domain
import Formats

extension Replay {
    /// Submits the bids of a plan to the replayed market, in the rounds of an iteration.
    ///
    /// - Returns: the results of all bids.
    mutating func buy(_ plan: Plan, _ now: Double) -> [BidResult] {
        var rounds = SubmissionRounds(plan, workerTypes: workerTypesByName, rules: rules)
        while let regions = rounds.begin() {
            let results = regions.flatMap { submit($0.bids, now) }
            market.apply(results, now: now)
            rounds.end(results, market: market.view(with: rounds.quotas, market.date(now)))
        }
        return rounds.results
    }

    /// The running and booting instances, for quotas; empty without quotas.
    var instancesByKind: [FleetTally.InstanceKind: Int] {
        guard !quotas.limits.isEmpty else { return [:] }
        return fleet.byPool.enumerated().reduce(into: [:]) { kinds, item in
            let pool = scenario.prices.series[item.offset].pool
            for id in item.element {
                let market = fleet.instances[id].market
                kinds[FleetTally.InstanceKind(pool: pool, market: market, platform: .linux), default: 0] += 1
            }
        }
    }

    /// Submits the bids of one region, one after another.
    private mutating func submit(_ bids: [Bid], _ now: Double) -> [BidResult] {
        var refusals = RoundRefusals()
        return bids.map { bid in
            let target = LaunchTarget(bid, definition: nil)
            if let reason = refusals.reason(against: target) {
                return BidResult(bid, .skipped, failure: reason)
            }
            calls.ec2 += 1
            guard let failure = market.refusal(of: bid, now: now) else {
                launch(bid, now)
                return BidResult(bid, .launched, answer: LaunchResponse(instanceId: "replayed"))
            }
            countRefusal()
            let result = BidResult(bid, .failed, failure: failure)
            refusals.note(result, target)
            return result
        }
    }
}
