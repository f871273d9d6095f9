import Domain
import FoundationEssentials
import TestSupport
import Testing

@testable import Simulation

@Suite("A pause in a replay")
struct PauseReplayTests {
    @Test("moves the launches to other instance types")
    func instanceType() {
        let prices = Scenarios.history([
            (Scenarios.pool("a"), [(-3600, 0.1)]), (Scenarios.pool("a", "m5.xlarge"), [(-3600, 0.2)]),
        ])
        var scenario = Scenarios.make(
            [(10, 600), (20, 600)], prices: prices,
            definition: .sample(types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)]))
        let free = Scenarios.report(scenario)
        scenario.pauses = [
            Pause(PauseSubject(.instanceType, "c5.xlarge"), since: .distantPast, author: "test")
        ]
        let paused = Scenarios.report(scenario)
        #expect(Set(paused.pools.map(\.pool.instanceType)) == ["m5.xlarge"])
        #expect(free.pools.contains { $0.pool.instanceType == "c5.xlarge" })
    }
}
