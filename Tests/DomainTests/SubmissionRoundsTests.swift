import Domain
import TestSupport
import Testing

@Suite("The rounds of a submission")
struct SubmissionRoundsTests {
    private let type = WorkerType.sample(
        "alpha", .sample(maxCapacity: 100, regions: ["us-east-1", "eu-west-1"]))
    private let book = PoolChoiceTests.book([
        ("us-east-1a", "c5.xlarge", 0.1), ("us-east-1b", "c5.xlarge", 0.1), ("eu-west-1a", "c5.xlarge", 0.3),
    ])

    private func market(_ holds: Holds) -> WorkerTypeDecision.MarketView {
        WorkerTypeDecision.MarketView(
            book: PriceBook(
                book.entries.map { SpotPrice(pool: $0.pool, price: $0.price, timestamp: .start) },
                zones: PoolChoiceTests.zones, holds: holds), holds: holds,
            zones: PoolChoiceTests.zones)
    }

    /// Carries out all rounds against a market that refuses some bids, and notes the bids that reach it.
    private func carryOut(
        _ rules: ProvisioningRules = ProvisioningRules(), refuse: (Bid) -> ServiceFailure?
    ) -> (rounds: SubmissionRounds, calls: [Bid]) {
        var ledger = HoldLedger([], rules: rules, now: .start)
        let plan = Plan(
            [
                WorkerTypeDecision.Input(
                    workerType: type, pendingTasks: 4, tally: CapacityTally(), launches: [])
            ], market: market(ledger.active),
            fleet: Fleet([], ownership: Ownership(provisionerId: "p", keyPrefix: "k")), gone: [],
            readRegions: [], rules: rules, now: .start)
        var rounds = SubmissionRounds(plan, workerTypes: ["alpha": type], rules: rules)
        var calls: [Bid] = []
        while let regions = rounds.begin() {
            var results: [BidResult] = []
            for (_, bids) in regions {
                var refusals = RoundRefusals()
                for bid in bids {
                    let target = LaunchTarget(bid, definition: type.definition)
                    if let reason = refusals.reason(against: target) {
                        results.append(BidResult(bid, .skipped, failure: reason))
                        continue
                    }
                    calls.append(bid)
                    let failure = refuse(bid)
                    let result = BidResult(bid, failure == nil ? .launched : .failed, failure: failure)
                    refusals.note(result, target)
                    results.append(result)
                }
            }
            _ = ledger.learn(from: results, workerTypes: ["alpha": type])
            rounds.end(results, market: market(ledger.active))
        }
        return (rounds, calls)
    }

    @Test("call a region once if a limit of the account refuses the launch, and reselect in another region")
    func limit() {
        let (rounds, calls) = carryOut { bid in
            bid.pool.region == "us-east-1"
                ? ServiceFailure(kind: .spotLimit, code: "MaxSpotInstanceCountExceeded", message: "m") : nil
        }
        #expect(calls.count { $0.pool.region == "us-east-1" } == 1)
        let launched = rounds.results.filter { $0.outcome == .launched }.map(\.bid)
        #expect(launched.reduce(0) { $0 + $1.capacity } == 4)
        #expect(launched.allSatisfy { $0.pool.region == "eu-west-1" })
        #expect(launched.allSatisfy(rounds.reselected.contains))
    }

    @Test("call a zone once if it refuses all instance types")
    func zone() {
        let (_, calls) = carryOut { bid in
            bid.pool.availabilityZone == "us-east-1a"
                ? ServiceFailure(
                    kind: .subnetFull, code: "InsufficientFreeAddressesInSubnet", message: "m") : nil
        }
        #expect(calls.count { $0.pool.availabilityZone == "us-east-1a" } == 1)
    }

    @Test("are bounded if everything is refused, and report why no pool is left")
    func nothingLeft() {
        var rules = ProvisioningRules()
        rules.reselections = 2
        let (rounds, calls) = carryOut(rules) { _ in
            ServiceFailure(kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "m")
        }
        #expect(calls.count == 3, "each pool once")
        #expect(rounds.results.allSatisfy { $0.outcome != .launched })
        #expect(rounds.problems["alpha"]?.isEmpty == false)
    }

    @Test("call each region once if it refuses the definition")
    func definition() {
        let (rounds, calls) = carryOut { _ in
            ServiceFailure(kind: .missingResource, code: "InvalidAMIID.NotFound", message: "m")
        }
        #expect(calls.map(\.pool.region) == ["us-east-1", "eu-west-1"])
        #expect(rounds.results.allSatisfy { $0.outcome != .launched })
    }
}
