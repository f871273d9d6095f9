import Domain
import Formats
import Foundation
import HTTPTransport
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

/// A queue of notices that hides received messages until they are deleted or made visible.
private final class TestNotices: InterruptionSource {
    private struct State {
        var messages: [InterruptionMessage] = []
        var given: [InterruptionMessage] = []
    }

    private let state = Mutex(State())
    /// Runs before each deletion. Its error is the failure of the call.
    let beforeDelete: @Sendable () throws -> Void

    init(beforeDelete: @escaping @Sendable () throws -> Void = {}) { self.beforeDelete = beforeDelete }

    var left: Int { state.withLock { $0.messages.count + $0.given.count } }

    func send(_ content: InterruptionMessage.Content) {
        state.withLock {
            $0.messages.append(InterruptionMessage(handle: UUID().uuidString, content: content))
        }
    }

    func send(_ kind: InterruptionNotice.Kind, _ id: String, at: Date) {
        send(.notice(InterruptionNotice(instanceId: id, region: "us-east-1", kind: kind, at: at)))
    }

    /// Makes received messages visible that were not deleted.
    func show() {
        state.withLock {
            $0.messages += $0.given
            $0.given = []
        }
    }

    func receive() throws -> [InterruptionMessage] {
        state.withLock { state in
            let batch = Array(state.messages.prefix(10))
            state.messages.removeFirst(batch.count)
            state.given += batch
            return batch
        }
    }

    func delete(_ handles: [String]) throws {
        try beforeDelete()
        state.withLock { $0.given.removeAll { handles.contains($0.handle) } }
    }
}

@Suite("Interruption notices")
struct InterruptionTests {
    private static let down = ServiceFailure(kind: .unreachable, code: "unreachable", message: "no answer")

    private func harness(_ notices: TestNotices, pending: Int = 3) async throws -> Harness {
        var harness = try Harness(
            queue: TestQueue(["alpha": pending]), workerTypes: ["alpha": .sample(regions: ["us-east-1"])])
        harness.interruptions = notices
        try await harness.iterate(0)
        #expect(harness.ec2.live.count == pending)
        return harness
    }

    @Test("The capacity of an instance with a notice does not count, and the same iteration replaces it")
    func interruption() async throws {
        let notices = TestNotices()
        let harness = try await harness(notices)
        let interrupted = try #require(harness.ec2.live.first)
        notices.send(.interruption, interrupted.id, at: .start.plus(minutes: 1))
        let report = try await harness.iterate(1)
        #expect(report.decision("alpha")?.tally.total == 2)
        #expect(report.count(.launched) == 1)
        #expect(report.notices == 1)
        #expect(notices.left == 0)
        #expect(harness.ec2.live.contains { $0.id == interrupted.id }, "EC2 ends it, not we")
        #expect(
            try await harness.iterate(2).bids.isEmpty, "its notice is remembered, and its replacement counts")
        #expect(
            try harness.database.notices.attributed(since: .start).map(\.notice.instanceId) == [
                interrupted.id
            ])
    }

    @Test("An instance that still runs a quarter of an hour after its notice counts again")
    func outlived() async throws {
        let notices = TestNotices()
        let harness = try await harness(notices)
        let spared = try #require(harness.ec2.live.first)
        harness.queue.set("alpha", 0)
        // The clock of the sender is an hour ahead.
        notices.send(.interruption, spared.id, at: .start.plus(minutes: 61))
        #expect(try await harness.iterate(1).decision("alpha")?.tally.total == 2)
        #expect(try await harness.iterate(15).decision("alpha")?.tally.total == 2)
        #expect(try await harness.iterate(17).decision("alpha")?.tally.total == 3)
    }

    @Test("A rebalance recommendation is stored, and changes nothing")
    func rebalance() async throws {
        let notices = TestNotices()
        let harness = try await harness(notices)
        notices.send(.rebalance, try #require(harness.ec2.live.first).id, at: .start.plus(minutes: 1))
        let report = try await harness.iterate(1)
        #expect(report.decision("alpha")?.tally.total == 3)
        #expect(report.bids.isEmpty)
        #expect(try harness.database.notices.attributed(since: .start).map(\.notice.kind) == [.rebalance])
        #expect(notices.left == 0)
    }

    @Test(
        "Notices of foreign and starting instances have no effect, and other messages stay in the queue")
    func foreign() async throws {
        let notices = TestNotices()
        let harness = try await harness(notices)
        for index in 0..<25 {
            notices.send(.interruption, "i-00000000\(index)", at: .start)
            notices.send(.idle)
        }
        notices.send(.foreign)
        let report = try await harness.iterate(1)
        #expect(report.outcome == .success)
        #expect(report.notices == 25)
        #expect(report.decision("alpha")?.tally.total == 3)
        #expect(report.warnings.contains { $0.hasPrefix("1 messages in the interruption queue") })
        #expect(notices.left == 1)
    }

    @Test(
        "A notice is stored before its message is deleted: a failed deletion loses none, and stops nothing else"
    )
    func failure() async throws {
        let isDown = Mutex(true)
        let notices = TestNotices(beforeDelete: { if isDown.withLock({ $0 }) { throw Self.down } })
        let harness = try await harness(notices)
        notices.send(.interruption, try #require(harness.ec2.live.first).id, at: .start.plus(minutes: 1))
        let report = try await harness.iterate(1)
        #expect(report.failures.map(\.subject) == [CallSubject(.interruptionQueue)])
        #expect(report.outcome == .partial)
        #expect(report.decision("alpha")?.tally.total == 2, "it was stored")
        isDown.withLock { $0 = false }
        notices.show()
        #expect(try await harness.iterate(2).outcome == .success)
        #expect(try harness.database.notices.since(.start).count == 1)
        #expect(notices.left == 0)
    }

    @Test("A dry run receives no notices")
    func dryRun() async throws {
        let notices = TestNotices()
        let harness = try await harness(notices)
        notices.send(.interruption, try #require(harness.ec2.live.first).id, at: .start.plus(minutes: 1))
        let report = try await harness.iterate(1, dryRun: true)
        #expect(report.decision("alpha")?.tally.total == 3)
        #expect(notices.left == 1)
    }
}
