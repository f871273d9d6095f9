import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("The limits over all worker types")
struct LaunchBudgetTests {
    private let book = PoolChoiceTests.book([
        ("us-east-1a", "c5.xlarge", 0.1), ("us-east-1b", "c5.xlarge", 0.1),
        ("us-east-1a", "c5.4xlarge", 0.2),
    ])

    /// A worker type with pending tasks and capacity.
    private struct Demand {
        var name: String
        var pending: Int
        var running = 0
        var minimum = 0
        var types = [("c5.xlarge", 1, 1.0)]
        var onDemand = false
    }

    private func rules(_ limits: [TotalLimits.Kind: Double]) -> ProvisioningRules {
        var rules = ProvisioningRules()
        for (kind, value) in limits { rules.totalLimits[kind] = value }
        return rules
    }

    /// The plan for worker types, and the rounds of its submission, in which EC2 accepts all bids or those of a name.
    private func carryOut(
        _ demands: [Demand], _ limits: [TotalLimits.Kind: Double], use: TotalUse? = nil,
        onDemand: OnDemandPrices = OnDemandPrices(), at now: Date = .start,
        refusing refused: String? = nil
    ) -> (plan: Plan, rounds: SubmissionRounds, launched: [String: Int]) {
        let rules = rules(limits)
        let types = demands.map { demand in
            WorkerType.sample(
                demand.name,
                .sample(
                    minCapacity: demand.minimum, types: demand.types, canUseOndemand: demand.onDemand,
                    canUseSpot: !demand.onDemand))
        }
        let inputs = zip(types, demands).map { type, demand in
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: demand.pending,
                tally: CapacityTally(running: demand.running), launches: [])
        }
        let market = WorkerTypeDecision.MarketView(
            book: book, holds: Holds([], now: now), zones: PoolChoiceTests.zones)
        var counted = TotalUse()
        counted.capacity = demands.reduce(0) { $0 + $1.running }
        counted.instances = counted.capacity
        counted.usdPerHour = 0.1 * Double(counted.capacity)
        let plan = Plan(
            inputs, market: market,
            fleet: Fleet([], ownership: Ownership(provisionerId: "p", keyPrefix: "k")),
            gone: [], readRegions: [], use: use ?? counted,
            prices: HourlyPrices(spot: [], onDemand: onDemand), rules: rules, now: now)
        var rounds = SubmissionRounds(
            plan, workerTypes: Dictionary(uniqueKeysWithValues: types.map { ($0.name, $0) }), rules: rules)
        while let regions = rounds.begin() {
            let results = regions.flatMap(\.bids).map { bid in
                bid.workerType == refused
                    ? BidResult(
                        bid, .failed,
                        failure: ServiceFailure(
                            kind: .noCapacity, code: "InsufficientInstanceCapacity", message: ""))
                    : BidResult(bid, .launched)
            }
            rounds.end(results, market: market)
        }
        let launched = rounds.results.filter(\.counts).reduce(into: [String: Int]()) {
            $0[$1.bid.workerType, default: 0] += $1.bid.capacity
        }
        return (plan, rounds, launched)
    }

    @Test("change nothing while there are none, or while they are far away")
    func unlimited() {
        let demands = [Demand(name: "alpha", pending: 7), Demand(name: "beta", pending: 5, minimum: 6)]
        let plain = carryOut(demands, [:])
        #expect(plain.launched == ["alpha": 7, "beta": 6])
        #expect(plain.rounds.budget.uses.isEmpty)
        #expect(plain.plan.decisions.allSatisfy { $0.allowance == nil && $0.problems.isEmpty })
        let far = carryOut(
            demands,
            [.capacity: 1000, .instances: 1000, .hourlySpend: 1000, .dailySpend: 1e4, .monthlySpend: 1e6])
        #expect(far.launched == plain.launched)
        #expect(far.plan.bids == plain.plan.bids)
        #expect(far.rounds.problems.isEmpty)
    }

    @Test("are shared by the worker types in turn", arguments: [TotalLimits.Kind.capacity, .instances])
    func shares(kind: TotalLimits.Kind) {
        let (_, rounds, launched) = carryOut(
            [Demand(name: "alpha", pending: 20, running: 3), Demand(name: "beta", pending: 2)], [kind: 10])
        #expect(launched == ["alpha": 5, "beta": 2])
        #expect(rounds.budget.uses == [LimitUse(kind, limit: 10, used: 10)])
        #expect(
            rounds.problems["alpha"]?.map(\.text) == ["\(kind.setting) leaves no place for 2 of its bids"])
        #expect(rounds.problems["beta"] == nil)
        #expect(rounds.results.count { $0.outcome == .skipped } == 2)
    }

    @Test("stop all launches when they are reached, also those for minCapacity")
    func reached() {
        let (plan, rounds, launched) = carryOut(
            [Demand(name: "alpha", pending: 5, running: 10), Demand(name: "beta", pending: 1, minimum: 1)],
            [.capacity: 10])
        #expect(launched.isEmpty)
        #expect(
            plan.decisions[0].problems.map(\.text) == [
                "maxTotalCapacity leaves capacity 0 of the wanted 5 for it"
            ])
        #expect(
            rounds.budget.uses.flatMap(\.problems) == [
                "maxTotalCapacity: 10 of 10 (100 %): launches stop at 100 %",
                "maxTotalCapacity is reached: no further launches",
            ])
    }

    @Test("keep a part for the minCapacity of other worker types, which cannot launch now")
    func guarantee() {
        let beta = Demand(name: "beta", pending: 0, minimum: 4)
        for kind in [TotalLimits.Kind.capacity, .instances] {
            let (_, rounds, launched) = carryOut(
                [Demand(name: "alpha", pending: 20), beta], [kind: 10], refusing: "beta")
            #expect(launched == ["alpha": 6])
            #expect(rounds.budget.uses == [LimitUse(kind, limit: 10, used: 6, reserved: 4)])
            #expect(
                carryOut([Demand(name: "alpha", pending: 20), beta], [kind: 10]).launched == [
                    "alpha": 6, "beta": 4,
                ])
        }
    }

    @Test("keep whole instances, and nothing once the minimum is launched")
    func wholeInstances() {
        let large = [("c5.4xlarge", 4, 1.0)]
        let beta = Demand(name: "beta", pending: 0, minimum: 5, types: large)
        let alpha = Demand(name: "alpha", pending: 20)
        for (limits, launched) in [([.capacity: 10], 2), ([.instances: 10], 8), ([.hourlySpend: 1.0], 6)]
            as [([TotalLimits.Kind: Double], Int)]
        {
            let (_, refused, others) = carryOut([alpha, beta], limits, refusing: "beta")
            #expect(others == ["alpha": launched], "\(limits)")
            #expect(refused.budget.uses.map(\.reserved).allSatisfy { $0 > 0 })
            let (_, rounds, all) = carryOut([alpha, beta], limits)
            #expect(all == ["alpha": launched, "beta": 8], "\(limits)")
            #expect(rounds.budget.uses.map(\.reserved) == [0], "also after sums of prices")
        }
    }

    @Test("keep the on-demand price for the minCapacity of a worker type without spot instances")
    func onDemandGuarantee() {
        var prices = OnDemandPrices()
        prices[.init("us-east-1", "c5.xlarge")] = Price(usd: 0.3)
        let beta = Demand(name: "beta", pending: 0, minimum: 2, onDemand: true)
        let alpha = Demand(name: "alpha", pending: 20)
        #expect(
            carryOut([alpha, beta], [.hourlySpend: 1], onDemand: prices).launched == ["alpha": 4, "beta": 2])
    }

    @Test("are shared as the example of the documentation has it")
    func example() {
        var use = TotalUse()
        use.capacity = 90
        let (plan, rounds, launched) = carryOut(
            [
                Demand(name: "signing", pending: 0, running: 1, minimum: 4),
                Demand(name: "build-linux", pending: 20), Demand(name: "test-linux", pending: 2),
            ], [.capacity: 100], use: use)
        #expect(launched == ["signing": 3, "build-linux": 5, "test-linux": 2])
        #expect(
            plan.decisions[1].problems.map(\.text) == [
                "maxTotalCapacity leaves capacity 7 of the wanted 20 for it"
            ])
        #expect(
            rounds.problems.mapValues { $0.map(\.text) } == [
                "build-linux": ["maxTotalCapacity leaves no place for 2 of its bids"]
            ])
    }

    @Test("are shared in turn by minimums that exceed them")
    func excessiveMinimums() {
        let (_, _, launched) = carryOut(
            [
                Demand(name: "alpha", pending: 0, minimum: 8), Demand(name: "beta", pending: 0, minimum: 8),
                Demand(name: "gamma", pending: 8),
            ], [.capacity: 10])
        #expect(launched == ["alpha": 5, "beta": 5])
    }

    @Test("leave small instances to a worker type for which large ones do not fit")
    func smallInstances() {
        let types = [("c5.xlarge", 1, 1.0), ("c5.4xlarge", 4, 1.0)]
        let (_, _, launched) = carryOut([Demand(name: "alpha", pending: 8, types: types)], [.capacity: 3])
        #expect(launched == ["alpha": 3])
        let large = carryOut(
            [Demand(name: "alpha", pending: 8, types: [("c5.4xlarge", 4, 1.0)])], [.capacity: 3])
        #expect(large.launched.isEmpty, "the limit is exact")
    }

    @Test("of spend count the prices in force")
    func hourlySpend() {
        let (_, rounds, launched) = carryOut(
            [Demand(name: "alpha", pending: 20, running: 4), Demand(name: "beta", pending: 9)],
            [.hourlySpend: 1])
        #expect(launched == ["alpha": 3, "beta": 3])
        #expect(rounds.budget.uses.first.map { abs($0.used - 1) < 1e-9 } == true)
    }

    @Test("of a day count what was spent, the next hour, and the rest of the day of minCapacity")
    func dailySpend() {
        // 22:13:20: an hour counts of each launch, and 0.78 hours more of the minimum.
        var use = TotalUse()
        use.usdToday = 9
        let alpha = Demand(name: "alpha", pending: 20)
        #expect(carryOut([alpha], [.dailySpend: 10], use: use).launched == ["alpha": 10])
        use.usdPerHour = 0.4
        #expect(carryOut([alpha], [.dailySpend: 10], use: use).launched == ["alpha": 6])
        let beta = Demand(name: "beta", pending: 0, running: 2, minimum: 2)
        // 0.156 USD are kept for the two running instances until midnight.
        #expect(carryOut([alpha, beta], [.dailySpend: 10], use: use).launched == ["alpha": 4])
        // 36 seconds before midnight, every launch is billed for a minute: 0.00167 USD.
        let late = Date.start.addingTimeInterval(6400 - 36)
        use.usdPerHour = 0
        use.usdToday = 9.989
        #expect(carryOut([alpha], [.dailySpend: 10], use: use, at: late).launched == ["alpha": 6])
    }

    @Test("of a month count what was spent in the month")
    func monthlySpend() {
        var use = TotalUse()
        use.usdToday = 1
        use.usdThisMonth = 99.5
        let alpha = Demand(name: "alpha", pending: 20)
        #expect(carryOut([alpha], [.monthlySpend: 100], use: use).launched == ["alpha": 5])
        #expect(carryOut([alpha], [.monthlySpend: 100, .dailySpend: 1.2], use: use).launched == ["alpha": 2])
    }

    @Test("of spend refuse an on-demand instance of unknown price, with advice")
    func unknownPrice() {
        let demand = [Demand(name: "alpha", pending: 3, onDemand: true)]
        let (_, rounds, launched) = carryOut(demand, [.hourlySpend: 10])
        #expect(launched.isEmpty)
        #expect(
            rounds.problems["alpha"]?.map(\.text) == [
                "maxHourlySpend needs the on-demand price of c5.xlarge in us-east-1: store it with on-demand-prices import"
            ])
        var prices = OnDemandPrices()
        prices[.init("us-east-1", "c5.xlarge")] = Price(usd: 0.17)
        #expect(carryOut(demand, [.hourlySpend: 0.4], onDemand: prices).launched == ["alpha": 2])
        #expect(carryOut(demand, [.capacity: 10]).launched == ["alpha": 3])
    }

    @Test("count a refused bid no longer")
    func refusedBids() {
        let (_, rounds, launched) = carryOut(
            [Demand(name: "alpha", pending: 2), Demand(name: "beta", pending: 2)], [.capacity: 10],
            refusing: "alpha")
        #expect(launched == ["beta": 2])
        #expect(rounds.budget.uses.map(\.used) == [2])
    }

    @Test("are a problem from 80 % on, with a text that differs only in its figures")
    func problems() {
        func problems(_ used: Double, reserved: Double = 0) -> [String] {
            LimitUse(.hourlySpend, limit: 10, used: used, reserved: reserved).problems
        }
        #expect(problems(7.99).isEmpty)
        #expect(problems(8) == ["maxHourlySpend: 8.00 of 10.00 USD (80 %): launches stop at 100 %"])
        #expect(problems(10).count == 2)
        #expect(
            problems(6, reserved: 4) == [
                "the rest of maxHourlySpend is kept for minCapacity: no other launches"
            ])
        func shown(_ reserved: Double) -> String {
            LimitUse(.hourlySpend, limit: 10, used: 6, reserved: reserved).shown
        }
        #expect(shown(0.4) == "maxHourlySpend: 6.00 of 10.00 USD (60 %), 0.40 USD kept for minCapacity")
        #expect(shown(0.001) == "maxHourlySpend: 6.00 of 10.00 USD (60 %)", "less than a cent")
        #expect(
            ObservedProblem(warning: problems(8.5)[0]).identity
                == ObservedProblem(warning: problems(12)[0]).identity)
    }
}
