import Domain
import Foundation
import Provisioning
import Storage
import TestSupport
import Testing

@Suite("The strategies of an iteration")
struct IterationStrategyTests {
    private func harness(_ pending: Int) throws -> Harness {
        try Harness(
            queue: TestQueue(["alpha": pending]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1", "eu-west-1"])])
    }

    @Test("risk-adjusted avoids a pool with many recorded interruptions")
    func riskAdjusted() async throws {
        var harness = try harness(1)
        try await harness.iterate(0)
        var first = try #require(try harness.database.launches.open().first)
        // EC2 bills interrupted instances from the age of an hour on.
        first.startedAt = .start.plus(minutes: -60)
        try harness.database.launches.update([first])
        try harness.database.interruptions.record(
            (0..<200).map { index in
                Interruption(
                    instanceId: "i-\(index)", launchId: first.id, workerType: "alpha", pool: first.pool,
                    reason: "Server.SpotInstanceTermination", at: .start)
            })
        harness.deployment.rules.strategies = ["al*": .riskAdjusted]
        harness.deployment.rules.taskTime = 36_000
        harness.queue.set("alpha", 2)
        let report = try await harness.iterate(1)
        #expect(report.count(.launched) == 1)
        #expect(report.bids.allSatisfy { $0.bid.pool != first.pool })
        let candidate = report.decision("alpha")?.choice?.candidates.first { $0.pool == first.pool }
        #expect(candidate?.risk?.interruptions == 200)
        #expect(candidate?.refusal == nil)
    }

    @Test("diversified takes another pool each time, until all pools are used")
    func diversified() async throws {
        var harness = try harness(0)
        harness.deployment.rules.strategy = .diversified
        harness.deployment.rules.maxPremium = 10
        for minute in 0..<4 {
            harness.queue.set("alpha", minute + 1)
            let report = try await harness.iterate(Double(minute))
            #expect(report.count(.launched) == 1)
        }
        let pools = Set(harness.ec2.live.map(\.pool))
        #expect(pools.count == 4)
    }
}
