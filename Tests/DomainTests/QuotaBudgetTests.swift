import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("The vCPU quotas of the account")
struct QuotaBudgetTests {
    private static let here = "us-east-1"
    private static let spot = VCPUQuota.Subject(.spot, here, .standard)

    /// - Parameter limits: vCPUs by subject.
    private func quotas(_ limits: [VCPUQuota.Subject: Int]) -> AccountQuotas {
        var quotas = AccountQuotas()
        quotas.limits = limits
        quotas.sizes = [
            "c5.large": 2, "c5.xlarge": 4, "c5.4xlarge": 16, "g5.xlarge": 4, "p3.2xlarge": 8,
            "p5.48xlarge": 192, "made.up": Int?.none,
        ]
        return quotas
    }

    private func bid(
        _ instanceType: String, _ market: Market = .spot, region: String = here, of name: String = "a"
    )
        -> Bid
    {
        Bid(
            workerType: name,
            pool: Pool(region: region, availabilityZone: region + "a", instanceType: instanceType),
            capacity: 1,
            market: market, spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1),
            bidPrice: Price(usd: 0.2))
    }

    private func running(_ instanceType: String, _ count: Int, _ market: Market = .spot)
        -> [FleetTally.InstanceKind: Int]
    {
        [FleetTally.InstanceKind(pool: bid(instanceType).pool, market: market, platform: .linux): count]
    }

    @Test("leave what the running instances of their class do not use")
    func free() {
        var budget = QuotaBudget(quotas([Self.spot: 26]), instances: running("c5.xlarge", 3))
        let (within, over) = budget.take(Array(repeating: bid("c5.xlarge"), count: 5))
        #expect(within.count == 3 && over.count == 2)
        #expect(budget.uses == [QuotaUse(quota: VCPUQuota(Self.spot, vCPUs: 26), used: 24)])
        #expect(budget.take([bid("c5.large")]).within.count == 1)
        budget.release([bid("c5.xlarge")])
        #expect(budget.take([bid("c5.xlarge")]).within.count == 1)
    }

    @Test("concern only their class, market and region, and types of known size")
    func others() {
        var budget = QuotaBudget(quotas([Self.spot: 0]))
        let others = [
            bid("g5.xlarge"), bid("c5.xlarge", .onDemand), bid("c5.xlarge", region: "eu-west-1"),
            bid("made.up"),
            bid("c7.unknown"),
        ]
        #expect(budget.take(others).within == others)
        #expect(budget.take([bid("c5.large")]).over == [bid("c5.large")])
        #expect(budget.uses.isEmpty, "nothing is used")
    }

    @Test("of class P do not concern newer spot instances, which have quotas of their own")
    func classP() {
        let limits = [
            VCPUQuota.Subject(.spot, Self.here, .p): 0, VCPUQuota.Subject(.onDemand, Self.here, .p): 0,
        ]
        var budget = QuotaBudget(quotas(limits))
        #expect(budget.take([bid("p5.48xlarge"), bid("p3.2xlarge")]).within == [bid("p5.48xlarge")])
        #expect(budget.take([bid("p5.48xlarge", .onDemand)]).within.isEmpty)
    }

    @Test("are shared by the worker types in turn, and the bids keep their order")
    func turns() {
        var budget = QuotaBudget(quotas([Self.spot: 16]))
        let bids =
            Array(repeating: bid("c5.xlarge"), count: 5)
            + Array(repeating: bid("c5.xlarge", of: "b"), count: 3)
        let within = budget.take(bids).within
        #expect(within.map(\.workerType) == ["a", "a", "b", "b"])
        var unlimited = QuotaBudget()
        #expect(unlimited.take(bids).within == bids)
    }

    @Test("that are lower than what runs leave nothing")
    func lowered() {
        var budget = QuotaBudget(quotas([Self.spot: 8]), instances: running("c5.xlarge", 5))
        #expect(budget.take([bid("c5.large")]).within.isEmpty)
        #expect(budget.uses.map(\.used) == [20])
    }

    @Test("hold the instance types that do not fit, or the whole class")
    func holds() {
        let rules = ProvisioningRules()
        func subjects(_ limit: Int) -> [HoldSubject] {
            QuotaBudget(quotas([Self.spot: limit])).holds(rules: rules, now: .start).map(\.subject)
        }
        #expect(subjects(16).isEmpty)
        #expect(subjects(15) == [HoldSubject(market: .spot, region: Self.here, instanceType: "c5.4xlarge")])
        #expect(subjects(1) == [.quota(.standard, .spot, region: Self.here)])
    }

    /// The rounds for a worker type with two regions. EC2 accepts every bid, or refuses those in one of the regions.
    private func carryOut(
        _ quotas: AccountQuotas, onDemand: Bool = false, refusedRegion: String? = nil
    ) -> SubmissionRounds {
        let regions = onDemand ? [Self.here] : [Self.here, "eu-west-1"]
        let type = WorkerType.sample("a", .sample(regions: regions, canUseOndemand: onDemand))
        let budget = QuotaBudget(quotas)
        let rules = ProvisioningRules()
        func market(_ budget: QuotaBudget) -> WorkerTypeDecision.MarketView {
            let holds = Holds([], now: .start).adding(budget.holds(rules: rules, now: .start))
            return WorkerTypeDecision.MarketView(
                book: PriceBook(
                    PoolChoiceTests.book([
                        ("us-east-1a", "c5.xlarge", 0.1), ("us-east-1b", "c5.xlarge", 0.1),
                        ("eu-west-1a", "c5.xlarge", 0.3), ("eu-west-1b", "c5.xlarge", 0.3),
                    ]).entries.map { SpotPrice(pool: $0.pool, price: $0.price, timestamp: .start) },
                    zones: PoolChoiceTests.zones, holds: holds), holds: holds, zones: PoolChoiceTests.zones)
        }
        let plan = Plan(
            [
                WorkerTypeDecision.Input(
                    workerType: type, pendingTasks: 8, tally: CapacityTally(), launches: [])
            ],
            market: market(budget),
            fleet: Fleet([], ownership: Ownership(provisionerId: "p", keyPrefix: "k")),
            gone: [], readRegions: [], quotas: budget, rules: rules, now: .start)
        var rounds = SubmissionRounds(plan, workerTypes: ["a": type], rules: rules)
        while let regions = rounds.begin() {
            let results = regions.flatMap(\.bids).map { bid in
                bid.pool.region == refusedRegion
                    ? BidResult(
                        bid, .failed,
                        failure: ServiceFailure(
                            kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "m"))
                    : BidResult(bid, .launched)
            }
            rounds.end(results, market: market(rounds.quotas))
        }
        return rounds
    }

    private func launched(_ rounds: SubmissionRounds) -> [String: Int] {
        rounds.results.filter(\.counts).reduce(into: [:]) {
            $0["\($1.bid.pool.region) \($1.bid.market.rawValue)", default: 0] += 1
        }
    }

    @Test("bound the launches of a region, and another region takes the rest in the same iteration")
    func otherRegion() {
        let rounds = carryOut(quotas([Self.spot: 13]))
        #expect(launched(rounds) == ["us-east-1 spot": 3, "eu-west-1 spot": 5])
        let refused = rounds.results.filter { !$0.counts }
        #expect(refused.count == 5)
        #expect(refused.allSatisfy { $0.outcome == .skipped && $0.failure?.code == QuotaBudget.code })
        #expect(launched(carryOut(quotas([Self.spot: 3]))) == ["eu-west-1 spot": 8], "no round is lost")
        #expect(launched(carryOut(quotas([:]))) == launched(carryOut(AccountQuotas())))
    }

    @Test("do not count bids that EC2 refused")
    func refusedBids() {
        let there = VCPUQuota.Subject(.spot, "eu-west-1", .standard)
        let rounds = carryOut(quotas([Self.spot: 13, there: 100]), refusedRegion: Self.here)
        #expect(rounds.results.contains { $0.outcome == .failed })
        #expect(rounds.quotas.uses.map(\.quota.subject) == [there])
    }

    @Test("of spot instances leave the rest to on-demand instances, where they are allowed")
    func onDemand() {
        #expect(
            launched(carryOut(quotas([Self.spot: 13]), onDemand: true))
                == ["us-east-1 spot": 3, "us-east-1 on-demand": 5])
    }
}
