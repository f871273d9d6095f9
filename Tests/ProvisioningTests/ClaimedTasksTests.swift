import Domain
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Provisioning
@testable import Storage

@Suite("Claimed tasks")
struct ClaimedTasksTests {
    @Test("They are asked for once a day where the Queue does not report them")
    func notReported() async throws {
        let calls = Mutex<[String]>([])
        let harness = try Harness(
            queue: TestQueue(["alpha": 0], before: { call in calls.withLock { $0.append(call) } }),
            workerTypes: ["alpha": .sample()])
        for minute in 0..<3 { try await harness.iterate(Double(minute)) }
        #expect(calls.withLock { $0 } == ["counts alpha", "alpha", "alpha", "alpha"])
        let report = try await harness.iterate(24 * 60)
        #expect(calls.withLock { $0.count { $0 == "counts alpha" } } == 2)
        #expect(report.decision("alpha")?.claimedTasks == nil)
        harness.queue.claimed.withLock { $0["alpha"] = 0 }
        #expect(try await harness.iterate(24 * 60 + 1).decision("alpha")?.claimedTasks == nil)
        #expect(try await harness.iterate(48 * 60).decision("alpha")?.claimedTasks == 0)
    }

    @Test("A worker that checked in counts as running at once, and its task is not bought again")
    func idleWorker() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        harness.queue.claimed.withLock { $0["alpha"] = 0 }
        try await harness.iterate(0)
        try harness.database.write { db in
            try db.execute(
                sql: "UPDATE launches SET checked_in_at = ?",
                arguments: [Date.start.plus(minutes: 1).milliseconds])
        }
        let idle = try #require(try await harness.iterate(1.5).decision("alpha"))
        #expect(idle.tally.running == 1 && idle.tally.booting == 0)
        #expect(idle.change?.idle?.capacity == 1 && idle.change?.change == 0)
        // The worker takes no task: another one is bought.
        let broken = try #require(try await harness.iterate(2.5).decision("alpha"))
        #expect(broken.change?.idle?.unclaiming == 1 && broken.change?.change == 1)
        // It takes the task, and another task is pending.
        harness.queue.claimed.withLock { $0["alpha"] = 1 }
        harness.queue.set("alpha", 3)
        let busy = try #require(try await harness.iterate(3.5).decision("alpha"))
        #expect(busy.claimedTasks == 1 && busy.change?.idle?.capacity == 0)
        #expect(busy.change?.change == 3 - 1)
    }
}
