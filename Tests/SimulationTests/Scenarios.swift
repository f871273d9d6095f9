import Domain
import Formats
import FoundationEssentials
import TestSupport

@testable import Simulation

/// Small scenarios for checking by hand, and random ones.
enum Scenarios {
    static let start = Date.start.timeIntervalSince1970

    static func pool(_ zone: String, _ type: String = "c5.xlarge") -> Pool {
        Pool(region: "us-east-1", availabilityZone: "us-east-1" + zone, instanceType: type)
    }

    /// Prices by pool, as (seconds since the beginning, US dollars an hour).
    static func history(_ pools: [(Pool, [(Double, Double)])]) -> PriceHistory {
        PriceHistory(
            pools.flatMap { pool, steps in
                steps.map { time, usd in
                    SpotPrice(
                        pool: pool, price: Price(usd: usd),
                        timestamp: Date(timeIntervalSince1970: start + time))
                }
            })
    }

    /// One worker type `alpha`. Boot time and idle timeout are one minute.
    static func make(
        _ tasks: [(arrival: Double, duration: Double)], prices: PriceHistory? = nil,
        definition: WorkerTypeDefinition = .sample()
    ) -> Scenario {
        var scenario = Scenario(
            workerTypes: [.sample("alpha", definition)],
            loads: [
                TaskLoad(
                    workerType: "alpha",
                    tasks: tasks.map { TaskLoad.Task(arrival: $0.arrival, duration: $0.duration) })
            ], prices: prices ?? history([(pool("a"), [(-3600, 1)])]), start: start)
        scenario.conditions.boot = 60...60
        return scenario
    }

    static func replay(_ scenario: Scenario, _ strategy: Strategy = .leastCost) -> Replay {
        var rules = ProvisioningRules()
        rules.strategy = strategy
        var replay = Replay(scenario, rules: rules)
        replay.run()
        return replay
    }

    static func report(_ scenario: Scenario, _ strategy: Strategy = .leastCost) -> SimulationReport {
        SimulationReport(replay(scenario, strategy), policy: strategy.rawValue)
    }

    /// Prices and load generated from a seed.
    static func random(
        _ seed: UInt64, shape: LoadGenerator.Shape = .diurnal, mixed: Bool = false, hours: Double = 12
    ) -> Scenario {
        let prices = PriceHistory(
            PriceGenerator(days: hours / 24 + 2).prices(from: start, seed: seed).filter {
                mixed || $0.pool.instanceType.hasSuffix(".4xlarge")
            })
        let definition = SimulatedWorkerType.definition(regions: ["eu-west-1", "us-east-1"], mixed: mixed)
        var scenario = Scenario(
            workerTypes: [.sample("alpha", definition)],
            loads: [
                LoadGenerator(shape: shape, tasksPerHour: 60, hours: hours, taskMinutes: 8)
                    .load(workerType: "alpha", seed: seed)
            ], prices: prices, start: start + 86_400)
        scenario.conditions.seed = seed
        return scenario
    }

    static func text(_ report: SimulationReport) throws -> String {
        String(decoding: try report.json.serialized(), as: UTF8.self)
    }
}
