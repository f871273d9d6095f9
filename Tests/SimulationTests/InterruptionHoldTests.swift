import Domain
import Foundation
import TestSupport
import Testing

@testable import Simulation

@Suite("Holds of interrupted pools")
struct InterruptionHoldTests {
    /// The lost task-hours and the cost of a load at recorded interruptions. The median task takes
    /// half an hour: with short tasks, the first hours that EC2 does not bill are worth more than the lost work.
    private func outcome(
        _ traces: CapacityTraces, holding: Bool, seed: UInt64
    ) -> (lost: Double, cost: Double) {
        var scenario = Scenarios.random(seed, shape: .steady, hours: 24)
        scenario.loads = [
            LoadGenerator(shape: .steady, tasksPerHour: 30, hours: 24, taskMinutes: 30)
                .load(workerType: "alpha", seed: seed)
        ]
        scenario.capacity = traces
        var rules = ProvisioningRules()
        rules.holdsInterruptedPools = holding
        var replay = Replay(scenario, rules: rules)
        replay.run()
        return (
            replay.fleet.lostSeconds / 3600, replay.fleet.instances.reduce(0) { $0 + replay.cost(of: $1) }
        )
    }

    @Test("lower the lost work and the cost at recorded interruptions; needs ../shared")
    func recorded() throws {
        let path = Paths.root + "/../shared/data/spot-prices/capacity-traces.csv"
        guard let data = FileManager.default.contents(atPath: path) else {
            return print("NOT TESTED: recorded interruptions: there is no \(path)")
        }
        let traces = try CapacityTraces(csv: Array(data), source: path)
        var (lost, cost) = ((with: 0.0, without: 0.0), (with: 0.0, without: 0.0))
        for seed: UInt64 in 1...8 {
            let with = outcome(traces, holding: true, seed: seed)
            let without = outcome(traces, holding: false, seed: seed)
            lost = (lost.with + with.lost, lost.without + without.lost)
            cost = (cost.with + with.cost, cost.without + without.cost)
        }
        #expect(lost.with < 0.7 * lost.without, "\(lost)")
        #expect(cost.with < cost.without, "\(cost)")
    }
}
