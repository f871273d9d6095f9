import Domain
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Provisioning
@testable import Storage

@Suite("An iteration over values that cannot be read")
struct UnreadableRowTests {
    @Test(
        "It skips each of them with a problem, and decides for the others",
        arguments: [
            "INSERT INTO back_offs VALUES ('new', 0, '{}')",
            "UPDATE region_states SET json = '{' WHERE region = 'us-east-1'",
            """
            INSERT INTO terminations (
                instance_id, region, worker_type, reason, asked_at, last_asked_at, attempts
            ) VALUES ('i-x', 'us-east-1', 'alpha', 'boredom', 0, 0, 1)
            """,
            "UPDATE launches SET mode = 'teleport' WHERE worker_type = 'alpha'",
            "UPDATE explanations SET json = '{'",
        ])
    func skipped(sql: String) async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 1, "beta": 0]),
            workerTypes: ["alpha": .sample(), "beta": .sample()])
        #expect(try await harness.iterate(0).count(.launched) == 1)
        try harness.database.write { db in try db.execute(sql: sql) }
        harness.queue.set("alpha", 0)
        harness.queue.set("beta", 1)
        let report = try await harness.iterate(1)
        #expect(report.outcome == .success)
        #expect(report.bids.map(\.bid.workerType) == ["beta"] && report.count(.launched) == 1)
        #expect(report.terminated.isEmpty && harness.ec2.live.count == 2)
        let skipped = report.warnings.filter { $0.contains("cannot be read and is skipped") }
        #expect(sql.contains("explanations") || skipped.count == 1, "\(report.warnings)")
        // The instance of an unreadable launch counts as one of another database.
        #expect(report.warnings.count == skipped.count + (sql.contains("launches") ? 1 : 0))
        // The instance of a skipped launch stays, also after the removal of its worker type.
        _ = try harness.database.workerTypes.remove("beta", by: .program, now: .start.plus(minutes: 2))
        try await harness.iterate(2)
        #expect(harness.ec2.live.count == 1)
    }

    @Test("A stored request that does not open is not repeated, and delays no other launch")
    func request() async throws {
        let isDown = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), isDown.withLock({ $0 }) {
                throw ServiceFailure(kind: .unreachable, code: "unreachable", message: "m")
            }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample(), "beta": .sample()])
        isDown.withLock { $0 = true }
        #expect(try await harness.iterate(0).count(.unanswered) == 1)
        isDown.withLock { $0 = false }
        try harness.database.write { db in try db.execute(sql: "UPDATE launches SET request = X'00'") }
        harness.queue.set("beta", 1)
        let report = try await harness.iterate(1)
        #expect(report.bids.map(\.bid.workerType) == ["beta"])
        #expect(report.warnings.contains { $0.contains("request of launch") })
    }
}
