import Domain
import Formats
import FoundationEssentials

/// Submits the bids of a plan to EC2, all regions at once, in rounds.
struct Submission: Sendable {
    let submitter: LaunchSubmitter
    /// The number of concurrent launches in one region.
    let launchesAtOnce: Int
    let iteration: Int64
    /// By name.
    let workerTypes: [String: WorkerType]
    let prices: [SpotPrice]
    let rules: ProvisioningRules
    let now: Date
    /// Returns the given number of random bytes.
    let random: @Sendable (Int) throws -> [UInt8]

    /// Submits all rounds.
    ///
    /// - Parameters:
    ///   - market: the market of the first bids.
    ///   - holds: updated from the results.
    func submit(
        _ rounds: inout SubmissionRounds, market: WorkerTypeDecision.MarketView,
        holds: inout StoredHolds
    ) async throws {
        var market = market
        var addresses = SubnetAddresses()
        var isStopped = false
        while !isStopped, let regions = rounds.begin() {
            let results = try await submit(
                regions.map { region, bids in
                    (
                        region,
                        bids.map { bid in
                            workerTypes[bid.workerType].map { addresses.take(for: bid, of: $0) } ?? bid
                        }
                    )
                })
            addresses.add(results)
            if try holds.learn(from: results, workerTypes: workerTypes) || rounds.exceedsQuotas {
                market.holds = holds.active.adding(rounds.quotas.holds(rules: rules, now: now))
                market.book = PriceBook(prices, zones: market.zones, holds: market.holds)
            }
            isStopped = Task.isCancelled
            rounds.end(results, market: market)
        }
    }

    private func submit(_ regions: [(region: String, bids: [Bid])]) async throws -> [BidResult] {
        // Once for each worker type: a fingerprint reads the whole definition.
        let names = Set(regions.flatMap(\.bids).map(\.workerType))
        let fingerprints = workerTypes.filter { names.contains($0.key) }.mapValues(\.definition.fingerprint)
        // The fixed order of random numbers makes a simulation repeatable.
        let identified = try regions.map { _, bids in
            try bids.map { (bid: $0, identity: try LaunchIdentity(random: random)) }
        }
        return await withTaskGroup(of: [BidResult].self) { group in
            for bids in identified { group.addTask { await submit(inRegion: bids, fingerprints) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Submits one region's bids in their order, a limited number at once. The first bid of each worker type is submitted
    /// alone, so that one refusal of the worker type is enough.
    ///
    /// - Parameter fingerprints: of the definitions, by worker type.
    private func submit(
        inRegion bids: [(bid: Bid, identity: LaunchIdentity)], _ fingerprints: [String: String]
    ) async -> [BidResult] {
        await withTaskGroup(of: BidResult.self) { group in
            var results: [BidResult] = []
            var refusals = RoundRefusals()
            var remaining = bids
            var running: [String: Int] = [:]
            var accepted: Set<String> = []
            func mayStart(_ bid: Bid) -> Bool {
                accepted.contains(bid.workerType) || running[bid.workerType, default: 0] == 0
            }
            while true {
                while running.values.reduce(0, +) < launchesAtOnce,
                    let index = remaining.firstIndex(where: { mayStart($0.bid) })
                {
                    let (bid, identity) = remaining.remove(at: index)
                    guard let type = workerTypes[bid.workerType], let fingerprint = fingerprints[type.name]
                    else {
                        results.append(BidResult(bid, .skipped))
                        continue
                    }
                    let target = LaunchTarget(bid, definition: type.definition)
                    if let reason = refusals.reason(against: target) ?? submitter.reasonToStop {
                        results.append(BidResult(bid, .skipped, failure: reason))
                    } else {
                        running[bid.workerType, default: 0] += 1
                        group.addTask {
                            await submitter.submit(
                                bid, of: type, fingerprint: fingerprint, as: identity, iteration: iteration)
                        }
                    }
                }
                guard let result = await group.next() else { return results }
                running[result.bid.workerType, default: 1] -= 1
                // A launch without a response says nothing of its worker type.
                if result.counts {
                    accepted.insert(result.bid.workerType)
                }
                refusals.note(
                    result,
                    LaunchTarget(
                        result.bid, definition: workerTypes[result.bid.workerType]?.definition))
                results.append(result)
            }
        }
    }
}
