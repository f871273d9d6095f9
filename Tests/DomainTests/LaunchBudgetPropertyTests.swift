import Algorithms
import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("Properties of the limits over all worker types, in random plans")
struct LaunchBudgetPropertyTests {
    /// The worker types and the market of an iteration, and the responses of EC2.
    private struct World {
        var types: [WorkerType] = []
        var inputs: [WorkerTypeDecision.Input] = []
        var rules = ProvisioningRules()
        var use = TotalUse()
        var market: WorkerTypeDecision.MarketView
        let seed: UInt64

        /// - Parameter sizes: the capacities of the instance types.
        init(seed: UInt64, sizes: [Int]) {
            var random = SeededRandom(seed: seed)
            let names = ["c5.xlarge", "c5.2xlarge", "c5.4xlarge"]
            var prices: [(String, String, Double)] = []
            for zone in PoolChoiceTests.zones.values.flatMap(\.self).sorted() {
                for name in names { prices.append((zone, name, 0.01 + random.fraction())) }
            }
            market = WorkerTypeDecision.MarketView(
                book: PoolChoiceTests.book(prices), holds: Holds([], now: .start),
                zones: PoolChoiceTests.zones)
            for number in 0..<Int.random(in: 1...8, using: &random) {
                let minimum = Bool.random(using: &random) ? Int.random(in: 0...12, using: &random) : 0
                let type = WorkerType.sample(
                    "type-\(number)",
                    .sample(
                        minCapacity: minimum,
                        maxCapacity: Int.random(in: max(1, minimum)...30, using: &random),
                        types: zip(names, sizes).map { ($0, $1, Double($1)) },
                        regions: Bool.random(using: &random) ? ["us-east-1"] : ["us-east-1", "eu-west-1"]))
                let running = Int.random(in: 0...6, using: &random)
                types.append(type)
                inputs.append(
                    WorkerTypeDecision.Input(
                        workerType: type, pendingTasks: Int.random(in: 0...25, using: &random),
                        tally: CapacityTally(running: running), launches: []))
                use.capacity += running
                use.instances += running
                use.usdPerHour += Double(running) * random.fraction()
            }
            use.usdToday = 20 * random.fraction()
            use.usdThisMonth = use.usdToday + 200 * random.fraction()
            rules.submissionsPerRegion = Int.random(in: 1...40, using: &random)
            rules.reselections = Int.random(in: 0...3, using: &random)
            self.seed = seed
        }

        /// Adds some limits near the use.
        mutating func limit(_ kinds: [TotalLimits.Kind], using random: inout SeededRandom) {
            let near: [TotalLimits.Kind: Double] = [
                .capacity: Double(use.capacity), .instances: Double(use.instances),
                .hourlySpend: use.usdPerHour, .dailySpend: use.usdToday + use.usdPerHour,
                .monthlySpend: use.usdThisMonth + use.usdPerHour,
            ]
            for kind in kinds where Int.random(in: 0..<3, using: &random) > 0 {
                let limit = max(0.01, (near[kind] ?? 0) + 40 * random.fraction() - 4)
                rules.totalLimits[kind] = kind.isSpend ? limit : max(1, limit.rounded())
            }
        }

        func carryOut() -> (plan: Plan, rounds: SubmissionRounds) {
            let plan = Plan(
                inputs, market: market,
                fleet: Fleet([], ownership: Ownership(provisionerId: "p", keyPrefix: "k")),
                gone: [], readRegions: [], use: use,
                prices: HourlyPrices(spot: [], onDemand: OnDemandPrices()), rules: rules, now: .start)
            var rounds = SubmissionRounds(plan, workerTypes: types.keyed(by: \.name), rules: rules)
            var random = SeededRandom(seed: seed ^ 0xabc)
            while let regions = rounds.begin() {
                let results = regions.flatMap(\.bids).map { bid in
                    switch Int.random(in: 0..<10, using: &random) {
                    case 0...2:
                        BidResult(
                            bid, .failed,
                            failure: ServiceFailure(
                                kind: .noCapacity, code: "InsufficientInstanceCapacity", message: ""))
                    case 3: BidResult(bid, .unanswered)
                    case 4: BidResult(bid, .skipped)
                    default: BidResult(bid, .launched)
                    }
                }
                rounds.end(results, market: market)
            }
            return (plan, rounds)
        }
    }

    /// The hours of `Date.start` that count of a launch: 22:13:20 is before the last hour of the day.
    private func use(_ world: World, _ launched: [Bid]) -> [TotalLimits.Kind: Double] {
        let perHour = world.use.usdPerHour + launched.reduce(0) { $0 + $1.spotPrice.usd }
        return [
            .capacity: Double(world.use.capacity + launched.reduce(0) { $0 + $1.capacity }),
            .instances: Double(world.use.instances + launched.count), .hourlySpend: perHour,
            .dailySpend: world.use.usdToday + perHour, .monthlySpend: world.use.usdThisMonth + perHour,
        ]
    }

    @Test("no limit is exceeded, the use is exact, and nothing is launched at a limit")
    func limits() {
        var bounded = 0
        for seed in 0..<150 as Range<UInt64> {
            var random = SeededRandom(seed: seed &+ 1_000_000)
            var world = World(seed: seed, sizes: seed % 2 == 0 ? [1, 1, 1] : [1, 2, 5])
            world.limit(TotalLimits.Kind.allCases, using: &random)
            let (plan, rounds) = world.carryOut()
            let launched = rounds.results.filter(\.counts).map(\.bid)
            let before = use(world, [])
            let after = use(world, launched)
            for (kind, limit) in world.rules.totalLimits.all {
                let (old, new) = (before[kind] ?? 0, after[kind] ?? 0)
                #expect(new <= max(limit, old) + 1e-7, "\(seed) \(kind)")
                if old >= limit { #expect(launched.isEmpty, "\(seed) \(kind)") }
                let shown = rounds.budget.uses.first { $0.kind == kind }
                #expect(abs((shown?.used ?? 0) - new) < 1e-6, "\(seed) \(kind)")
            }
            if rounds.results.contains(where: { !$0.counts && $0.failure?.code == "total-limit" }) {
                bounded += 1
            }
            let (again, repeated) = world.carryOut()
            #expect(again.bids == plan.bids)
            #expect(repeated.results.map(\.bid) == rounds.results.map(\.bid))
            #expect(repeated.budget.uses == rounds.budget.uses)
        }
        #expect(bounded > 40, "\(bounded)")
    }

    @Test(
        "what is kept for minCapacity is only used for minCapacity",
        arguments: [TotalLimits.Kind.capacity, .instances])
    func guarantees(kind: TotalLimits.Kind) {
        var kept = 0
        for seed in 0..<150 as Range<UInt64> {
            var random = SeededRandom(seed: seed &+ 2_000_000)
            var world = World(seed: seed, sizes: [1, 1, 1])
            world.limit([kind], using: &random)
            guard let limit = world.rules.totalLimits[kind] else { continue }
            let (_, rounds) = world.carryOut()
            let launched = rounds.results.filter(\.counts).map(\.bid).reduce(into: [String: Int]()) {
                $0[$1.workerType, default: 0] += $1.capacity
            }
            var missing = 0
            var isAbove = false
            for input in world.inputs {
                let name = input.workerType.name
                let needed = max(0, input.workerType.definition.minCapacity - input.tally.total)
                missing += max(0, needed - launched[name, default: 0])
                if launched[name, default: 0] > needed { isAbove = true }
            }
            let use = rounds.budget.uses.first
            #expect(use?.reserved == Double(missing), "\(seed)")
            if isAbove { #expect((use?.used ?? 0) + Double(missing) <= limit, "\(seed)") }
            if isAbove, missing > 0 { kept += 1 }
        }
        #expect(kept > 5, "\(kept)")
    }

    @Test("limits that are far away change no bid")
    func farLimits() {
        for seed in 0..<60 as Range<UInt64> {
            let plain = World(seed: seed, sizes: [1, 2, 5])
            var limited = plain
            for kind in TotalLimits.Kind.allCases { limited.rules.totalLimits[kind] = 1e9 }
            let (expected, found) = (plain.carryOut(), limited.carryOut())
            #expect(found.plan.bids == expected.plan.bids, "\(seed)")
            #expect(found.rounds.results.map(\.bid) == expected.rounds.results.map(\.bid), "\(seed)")
            #expect(found.rounds.problems == expected.rounds.problems, "\(seed)")
        }
    }
}
