import Domain
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Provisioning

@Suite("Demand of earlier iterations")
struct DemandTests {
    private func harness(refuses: @escaping @Sendable () -> Bool = { false }) throws -> Harness {
        var harness = try Harness(
            ec2: try TestEC2(before: { call in
                guard refuses(), call.hasPrefix("launch") else { return }
                throw ServiceFailure(kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "m")
            }),
            queue: TestQueue(["alpha": 3, "beta": 3]),
            workerTypes: ["alpha": .sample(maxCapacity: 1000), "beta": .sample(maxCapacity: 1000)])
        harness.deployment.rules.anticipations = ["alpha": 1000]
        return harness
    }

    @Test("It is anticipated where the setting names the worker type, in a dry run too")
    func anticipation() async throws {
        let harness = try harness()
        let first = try await harness.iterate(0)
        // 1000 x 0.005 x 1.2 = 6, limited by the uncovered demand.
        #expect(first.decision("alpha")?.change?.change == 3 + 3)
        #expect(first.decision("beta")?.change?.change == 3)
        harness.queue.set("alpha", 10)
        harness.queue.set("beta", 10)
        let dry = try await harness.iterate(1, dryRun: true)
        let second = try await harness.iterate(1)
        #expect(dry.decision("alpha")?.change == second.decision("alpha")?.change)
        let change = try #require(second.decision("alpha")?.change)
        #expect(change.uncovered == 4 && change.anticipation?.capacity == 4)
        let demand = try #require(change.anticipation?.demand)
        #expect(demand == DemandRecord().adding(3).met(by: 6).adding(4))
        #expect(second.decision("beta")?.change?.anticipation == nil)
        #expect(try harness.database.demand.all(before: 9).keys.sorted() == ["alpha"])
    }

    @Test("Demand that EC2 refuses counts once")
    func refusals() async throws {
        let refuses = Mutex(true)
        let harness = try harness(refuses: { refuses.withLock { $0 } })
        for minute in 0..<5 {
            let change = try #require(try await harness.iterate(Double(minute)).decision("alpha")?.change)
            #expect(change.uncovered == 3)
            #expect(change.anticipation?.demand.share ?? 1 <= 0.005)
        }
        #expect(try harness.database.demand.all(before: 6)["alpha"]?.unmet == 3)
        refuses.withLock { $0 = false }
        let bought = try await harness.iterate(300)
        #expect(bought.count(.launched) > 0)
        #expect(try harness.database.demand.all(before: 7)["alpha"]?.unmet == 0)
    }
}
