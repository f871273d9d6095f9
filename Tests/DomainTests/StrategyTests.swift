import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("Strategies")
struct StrategyTests {
    private static let prices = [
        ("us-east-1a", "c5.xlarge", 0.100), ("us-east-1b", "c5.xlarge", 0.110),
        ("eu-west-1a", "c5.xlarge", 0.115), ("eu-west-1b", "c5.xlarge", 0.190),
    ]

    private func pool(_ zone: String) -> Pool {
        Pool(region: String(zone.dropLast()), availabilityZone: zone, instanceType: "c5.xlarge")
    }

    private func choose(
        _ strategy: Strategy, change: Int, held: [String: Int] = [:],
        record: [String: (interruptions: Int, instanceHours: Double)] = [:],
        _ adjust: (inout ProvisioningRules) -> Void = { _ in }
    ) -> PoolChoice {
        var rules = ProvisioningRules()
        rules.strategy = strategy
        adjust(&rules)
        func byPool<Value>(_ values: [String: Value]) -> [Pool: Value] {
            Dictionary(uniqueKeysWithValues: values.map { (pool($0.key), $0.value) })
        }
        return PoolChoice(
            for: .sample("alpha", .sample(regions: ["us-east-1", "eu-west-1"])),
            from: PoolChoice.Input(
                change: change, headroom: 1000, book: PoolChoiceTests.book(Self.prices),
                interruptions: InterruptionRecord(byPool(record)), holdings: byPool(held)), rules: rules)
    }

    private func counts(_ choice: PoolChoice) -> [String: Int] {
        choice.bids.reduce(into: [:]) { $0[$1.pool.availabilityZone, default: 0] += 1 }
    }

    @Test("diversified uses the thinnest spread within the premium, without pools above maxPrice")
    func spread() {
        #expect(counts(choose(.leastCost, change: 9)) == ["us-east-1a": 5, "us-east-1b": 4])
        #expect(
            counts(choose(.diversified, change: 9))
                == ["us-east-1a": 3, "us-east-1b": 3, "eu-west-1a": 3])
        #expect(
            counts(choose(.diversified, change: 9) { $0.maxPremium = 0 })
                == ["us-east-1a": 5, "us-east-1b": 4])
        let all = choose(.diversified, change: 8) { $0.maxPremium = 1 }
        #expect(counts(all).values.allSatisfy { $0 == 2 } && counts(all).count == 4)
    }

    @Test("diversified counts the capacity that the worker type already has in a pool")
    func held() {
        #expect(
            counts(choose(.diversified, change: 2, held: ["us-east-1a": 4, "us-east-1b": 1]))
                == ["us-east-1b": 1, "eu-west-1a": 1])
        #expect(counts(choose(.diversified, change: 1, held: ["us-east-1a": 1])) == ["us-east-1b": 1])
        #expect(counts(choose(.diversified, change: 1)) == ["us-east-1a": 1])
    }

    @Test("risk-adjusted avoids a pool whose interruptions cost more than its price saves")
    func risk() {
        let record = ["us-east-1a": (interruptions: 40, instanceHours: 100.0)]
        // 40 / 200 an hour x (15 + 5) minutes is 6.7 %; with tasks of two hours it is 21.7 %.
        let short = choose(.riskAdjusted, change: 1, record: record)
        let long = choose(.riskAdjusted, change: 1, record: record) { $0.taskTimes = ["alp*": 7200] }
        #expect(counts(short) == ["us-east-1a": 1])
        #expect(counts(long) == ["us-east-1b": 1])
        #expect(counts(choose(.leastCost, change: 1, record: record)) == ["us-east-1a": 1])
    }

    @Test("risk-adjusted bids by the spot price, and compares maxPrice with the effective price")
    func trueBid() {
        let record = ["us-east-1a": (interruptions: 10, instanceHours: 100.0)]
        let choice = choose(.riskAdjusted, change: 1, record: record)
        #expect(choice.bids.map(\.bidPrice.usd) == [0.2])
        #expect(choice.bids.map(\.effectivePrice.usd) == [0.1])
        let candidate = choice.candidates.first
        #expect(candidate?.risk?.interruptions == 10)
        #expect((candidate?.comparedPrice ?? .zero) > (candidate?.effectivePrice ?? .zero))
    }

    @Test("With an idle exponent, small instances are bought if large ones are only slightly cheaper a unit")
    func idleExponent() {
        let book = PoolChoiceTests.book([
            ("us-east-1a", "c5.xlarge", 0.100), ("us-east-1a", "c5.4xlarge", 0.384),
        ])
        func bought(_ strategy: Strategy, _ exponent: Double) -> [String: Int] {
            var rules = ProvisioningRules()
            rules.strategy = strategy
            rules.maxPoolShare = 1
            rules.maxPremium = 0
            rules.idleExponent = exponent
            let choice = PoolChoice(
                for: .sample("alpha", .sample(types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1)])),
                from: PoolChoice.Input(change: 8, headroom: 100, book: book, seed: 3), rules: rules)
            // Bids and reported prices do not include the factor.
            #expect(choice.bids.allSatisfy { $0.effectivePrice == $0.spotPrice })
            #expect(choice.bids.allSatisfy { $0.bidPrice.usd == 2 * $0.spotPrice.usd })
            return choice.bids.reduce(into: [:]) { $0[$1.pool.instanceType, default: 0] += 1 }
        }
        for strategy in [Strategy.leastCost, .riskAdjusted, .diversified] {
            // 0.384 x 4 ^ 0.029 is below 0.4, with 0.03 it is above.
            #expect(bought(strategy, 0) == ["c5.4xlarge": 2])
            #expect(bought(strategy, 0.029) == ["c5.4xlarge": 2])
            #expect(bought(strategy, 0.03) == ["c5.xlarge": 8])
        }
        for strategy in Strategy.allCases where strategy.isBaseline {
            #expect(bought(strategy, 1) == bought(strategy, 0))
        }
    }

    @Test("An unused pool has the risk of the prior, and a long-used pool the risk of its record")
    func prior() {
        let pricing = InterruptionPricing("alpha", rules: ProvisioningRules())
        func rate(_ interruptions: Int, _ hours: Double) -> Double {
            pricing.risk(
                of: pool("us-east-1a"),
                record: InterruptionRecord([pool("us-east-1a"): (interruptions, hours)])
            )
            .rate
        }
        let never = pricing.risk(of: pool("us-east-1a"), record: InterruptionRecord()).rate
        #expect(abs(never * 730 - 0.05) < 1e-12)
        #expect(rate(0, 100) < never)
        #expect(abs(rate(1000, 100_000) - 0.01) < 1e-4)
        #expect(rate(1, 1) < 0.01)
        #expect(rate(-3, .nan) == never)
    }

    @Test("A worker type can have its own strategy")
    func byWorkerType() {
        #expect(
            counts(
                choose(.leastCost, change: 9) { $0.strategies = ["al*": .diversified, "*": .cheapestPool] }
            )
            .count == 3)
        #expect(
            counts(choose(.leastCost, change: 9) { $0.strategies = ["beta": .diversified] }).count == 2)
    }

    @Test("A reselection counts the capacity that is held and that was launched in the same iteration")
    func reselection() throws {
        var rules = ProvisioningRules()
        rules.strategy = .diversified
        let type = WorkerType.sample("alpha", .sample(regions: ["us-east-1", "eu-west-1"]))
        let market = WorkerTypeDecision.MarketView(
            book: PoolChoiceTests.book(Self.prices), holds: Holds([], now: .start),
            zones: PoolChoiceTests.zones)
        let decision = WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: 8, tally: CapacityTally(running: 1, booting: 1),
                holdings: [pool("us-east-1a"): 2], launches: []), market: market, rules: rules, now: .start)
        #expect(decision.holdings?.map(\.capacity) == [2])
        // EC2 refused one instance in the third pool.
        let third = try #require(decision.bids.firstIndex { $0.pool.availabilityZone == "eu-west-1a" })
        var underWay = decision.bids
        underWay.remove(at: third)
        let again = WorkerTypeDecision.reselect(
            for: type, missing: 1, headroom: 50, market: market, holdings: decision.holdings(with: underWay),
            isLast: false,
            rules: rules, now: .start)
        #expect(again.bids == [decision.bids[third]])
    }
}
