import Domain
import Foundation
import TestSupport
import Testing

@testable import Simulation

@Suite("Holds of interrupted pools")
struct InterruptionHoldTests {
    /// The lost work and the cost of a load at recorded interruptions.
    private func outcome(
        _ traces: CapacityTraces, holding: Bool, seed: UInt64
    ) -> (lost: Double, cost: Double, interruptions: Int) {
        var scenario = Scenarios.random(seed, shape: .steady, hours: 24)
        scenario.capacity = traces
        var rules = ProvisioningRules()
        rules.holdsInterruptedPools = holding
        var replay = Replay(scenario, rules: rules)
        replay.run()
        let report = SimulationReport(replay, policy: "least-cost")
        return (report.lostShare * report.cost, report.cost, report.interruptions)
    }

    @Test("lower the lost work at recorded interruptions, at the same cost; needs ../shared")
    func recorded() throws {
        let path = Paths.root + "/../shared/data/spot-prices/capacity-traces.csv"
        guard let data = FileManager.default.contents(atPath: path) else {
            return print("NOT TESTED: recorded interruptions: there is no \(path)")
        }
        let traces = try CapacityTraces(csv: Array(data), source: path)
        var (lost, cost) = ((with: 0.0, without: 0.0), (with: 0.0, without: 0.0))
        for seed: UInt64 in 1...3 {
            let with = outcome(traces, holding: true, seed: seed)
            let without = outcome(traces, holding: false, seed: seed)
            lost = (lost.with + with.lost, lost.without + without.lost)
            cost = (cost.with + with.cost, cost.without + without.cost)
        }
        #expect(lost.with < lost.without)
        #expect(cost.with < cost.without * 1.002)
    }
}
