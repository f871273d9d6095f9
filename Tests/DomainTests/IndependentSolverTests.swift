import Domain
import Formats
import Foundation
import TestSupport
import TestTags
import Testing

/// Random choices of pools, made from a seed.
private struct RandomChoice {
    let definition: WorkerTypeDefinition
    let rules: ProvisioningRules
    let input: PoolChoice.Input
    let pools: [Pool]
    let spotPrices: [Pool: Double]
    let backedOff: Set<Pool>
    let record: [Pool: (interruptions: Int, instanceHours: Double)]

    init(seed: Int, strategy: Strategy, idleExponent: Double) {
        var random = TestRandom(seed: UInt64(seed + 77))
        func draw<Value>(_ values: [Value]) -> Value {
            values[Int.random(in: 0..<values.count, using: &random)]
        }
        // One in five has so little headroom that few covers fit.
        let tight = seed % 5 == 0
        let capacities =
            tight
            ? draw([[3, 4], [4, 6, 9]])
            : draw([[1], [1, 2, 4, 8, 16], [2, 4], [3, 4], [4, 6, 9], [1, 5, 7], [16]])
        let utilities = draw([[1.0], [1, 1.25, 0.8], [0.5, 2, 3]])
        let types = capacities.indices.map { ("c\($0).large", capacities[$0], draw(utilities)) }
        let zones = "abcdef".prefix(tight ? 1 : Int.random(in: 1...6, using: &random)).map {
            "us-east-1\($0)"
        }
        // Few different prices, so that many are equal; or all different.
        let steps = draw([4, 100_000])
        var spotPrices: [Pool: Double] = [:]
        var holds: [Hold] = []
        var holdings: [Pool: Int] = [:]
        var record: [Pool: (interruptions: Int, instanceHours: Double)] = [:]
        for zone in zones {
            for (type, capacity, _) in types {
                let pool = Pool(region: "us-east-1", availabilityZone: zone, instanceType: type)
                let price =
                    Double(capacity)
                    * (0.02 + 0.04 * Double(Int.random(in: 0..<steps, using: &random)) / Double(steps))
                spotPrices[pool] = (price * 1e6).rounded() / 1e6
                if Int.random(in: 0..<8, using: &random) == 0 {
                    holds.append(
                        Hold(
                            subject: .pool(pool, .spot), until: .start.plus(minutes: 5), failures: 1,
                            code: "x",
                            message: "", since: .start))
                }
                if Bool.random(using: &random) {
                    holdings[pool] = capacity * Int.random(in: 0...6, using: &random)
                }
                record[pool] = (
                    Int.random(in: 0...9, using: &random), Double(Int.random(in: 0...300, using: &random))
                )
            }
        }
        pools = spotPrices.keys.sorted()
        self.spotPrices = spotPrices
        backedOff = Set(
            spotPrices.keys.filter { pool in holds.contains { $0.subject == .pool(pool, .spot) } })
        self.record = record
        definition = .sample(maxPrice: draw([10, 10, 0.4]), types: types)
        var rules = ProvisioningRules()
        rules.strategy = strategy
        rules.idleExponent = idleExponent
        rules.maxPoolShare = draw([0.05, 0.1, 0.25, 0.34, 0.5, 1])
        rules.taskTime = 3600 * draw([0.5, 2, 20])
        self.rules = rules
        let change =
            tight
            ? Int.random(in: 12...50, using: &random)
            : Int.random(in: 1...draw([3, 12, 150]), using: &random)
        input = PoolChoice.Input(
            change: change, headroom: change + (tight ? 0 : draw([0, 1, 3, 50])),
            book: PriceBook(
                spotPrices.map {
                    SpotPrice(pool: $0.key, price: Price(usd: $0.value), timestamp: .start)
                }, zones: ["us-east-1": Array(zones)], holds: Holds(holds, now: .start)),
            interruptions: InterruptionRecord(record), holdings: holdings, seed: UInt64(seed))
    }

    /// The capacity of each pool without a hold and not above maxPrice.
    var usableCapacities: [Int] {
        definition.instanceTypes.flatMap { type in
            pools.filter { pool in
                pool.instanceType == type.instanceType && !backedOff.contains(pool)
                    && (spotPrices[pool] ?? .infinity) * type.utility <= definition.maxPrice
            }.map { _ in type.capacity }
        }
    }

    var choice: PoolChoice { PoolChoice(for: .sample("alpha", definition), from: input, rules: rules) }

    /// The choice and its input, for the solver.
    var json: JSONValue {
        let counts = choice.bids.reduce(into: [Pool: Int]()) { $0[$1.pool, default: 0] += 1 }
        let types = Dictionary(uniqueKeysWithValues: definition.instanceTypes.map { ($0.instanceType, $0) })
        return [
            "strategy": .string(rules.strategy.rawValue), "demand": .integer(Int64(input.change)),
            "headroom": .integer(Int64(input.headroom)), "share": .number(rules.maxPoolShare),
            "maxPrice": .number(definition.maxPrice), "premium": .number(rules.maxPremium),
            "idleExponent": .number(rules.idleExponent),
            "taskHours": .number(rules.taskTime / 3600),
            "pools": .array(
                pools.map { pool in
                    [
                        "capacity": .integer(Int64(types[pool.instanceType]?.capacity ?? 0)),
                        "utility": .number(types[pool.instanceType]?.utility ?? 0),
                        "spotPrice": .number(spotPrices[pool] ?? 0),
                        "backedOff": .bool(backedOff.contains(pool)),
                        "held": .integer(Int64(input.holdings[pool] ?? 0)),
                        "interruptions": .integer(Int64(record[pool]?.interruptions ?? 0)),
                        "hours": .number(record[pool]?.instanceHours ?? 0),
                        "count": .integer(Int64(counts[pool] ?? 0)),
                    ]
                }),
        ]
    }
}

@Suite("An independent solver", .tags(.slow))
struct IndependentSolverTests {
    private static let exponents = [0, 0.1, 0, 0.7]

    @Test("every choice has the price that scipy's milp finds as the least, and keeps the same bounds")
    func milp() async throws {
        let strategies = [Strategy.leastCost, .leastCost, .riskAdjusted, .diversified]
        let choices = (0..<320).map {
            RandomChoice(
                seed: $0, strategy: strategies[$0 % strategies.count],
                idleExponent: Self.exponents[$0 / strategies.count % Self.exponents.count]
            ).json
        }
        let judged = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/clients/covers_by_milp.py"],
            input: String(decoding: try JSONValue.array(choices).serialized(), as: UTF8.self))
        #expect(judged.status == 0, "\(judged.errors)")
        let lines = judged.output.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("choice ") } == [])
        // The choices cover all relaxations of bounds.
        for kind in [
            "least-cost, kept", "least-cost, doubled", "least-cost, passed", "least-cost, lowered",
            "risk-adjusted, kept",
            "diversified, kept, level below 1", "diversified, kept, level 1", "least-cost, nothing to buy",
        ] {
            #expect(lines.contains { $0.hasPrefix(kind + ": ") }, "\(judged.output)")
        }
    }

    @Test(
        "random choices keep to every bound by whatever strategy, and are the same again",
        arguments: Strategy.allCases)
    func bounds(strategy: Strategy) {
        for seed in 0..<300 {
            let exponent = Self.exponents[seed % Self.exponents.count]
            let random = RandomChoice(seed: seed, strategy: strategy, idleExponent: exponent)
            let choice = random.choice
            #expect(choice == random.choice)
            let capacity = choice.bids.reduce(0) { $0 + $1.capacity }
            guard let ceiling = choice.parameters?.ceiling, choice.problem == nil else {
                #expect(capacity < random.input.change && capacity <= random.input.headroom)
                continue
            }
            #expect(capacity >= random.input.change && capacity <= ceiling)
            let smallest = random.usableCapacities.min() ?? 0
            #expect(ceiling == random.input.headroom || ceiling < random.input.headroom + smallest)
            func price(_ choice: PoolChoice) -> Int64 {
                choice.bids.reduce(0) {
                    let factor = pow(Double($1.capacity), exponent)
                    return $0 + $1.effectivePrice.multiplied(by: factor).nanodollars
                }
            }
            let least = price(
                RandomChoice(seed: seed, strategy: .leastCost, idleExponent: exponent).choice)
            #expect(price(choice) >= least)
            if strategy == .diversified { #expect(Double(price(choice)) <= 1.2 * Double(least) + 1) }
            for (pool, bids) in Dictionary(grouping: choice.bids, by: \.pool) {
                #expect(!random.backedOff.contains(pool))
                #expect(bids.allSatisfy { $0.effectivePrice.usd <= random.definition.maxPrice })
                #expect(bids.allSatisfy { $0.spotPrice == Price(usd: random.spotPrices[pool] ?? 0) })
                let limit =
                    choice.poolShare * Double(random.input.change) / Double(bids.first?.capacity ?? 1)
                #expect(bids.count <= max(1, Int((limit - 1e-9).rounded(.up))))
            }
        }
    }
}
