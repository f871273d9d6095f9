import Domain
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Provisioning

@Suite("Pauses in iterations")
struct PauseTests {
    private func pause(
        _ subject: PauseSubject, until minute: Double? = nil, in harness: Harness
    ) throws {
        try harness.database.pauses.record(
            Pause(subject, since: .start, until: minute.map { .start.plus(minutes: $0) }, author: "alice"),
            by: Author("alice", by: "pause"))
    }

    @Test(
        "Instances of a paused worker type go on, nothing is launched until the end, and the iteration is a success"
    )
    func workerType() async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample(minCapacity: 1)])
        try await harness.iterate(0)
        try pause(PauseSubject(.workerType, "alpha"), until: 10, in: harness)
        harness.queue.set("alpha", 5)
        let paused = try await harness.iterate(5)
        #expect(paused.outcome == .success && paused.heldBack.isEmpty)
        #expect(paused.decision("alpha")?.problems.map(\.kind) == [.paused])
        #expect(harness.ec2.live.count == 1)
        let after = try await harness.iterate(10)
        #expect(after.count(.launched) > 0)
        try await harness.iterate(11)
        #expect(try harness.database.pauses.all().isEmpty, "purged")
    }

    @Test("A paused region receives no launch, and other regions take its share")
    func region() async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 4]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1", "eu-west-1"])])
        try pause(PauseSubject(.region, "us-east-1"), in: harness)
        try await harness.iterate(0)
        #expect(harness.ec2.live.count == 4)
        #expect(Set(harness.ec2.live.map(\.pool.region)) == ["eu-west-1"])
    }

    @Test("A launch that was stored before the pause is not repeated during it, and once after it")
    func storedLaunch() async throws {
        let isDown = Mutex(true)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), isDown.withLock({ $0 }) {
                throw ServiceFailure(kind: .unreachable, code: "down", message: "no response")
            }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let stored = try #require(try harness.database.launches.open().first)
        isDown.withLock { $0 = false }
        let subject = PauseSubject(.instanceType, stored.pool.instanceType)
        try pause(subject, in: harness)
        let paused = try await harness.iterate(1)
        #expect(paused.bids.isEmpty && ec2.live.isEmpty)
        #expect(try harness.database.launches.open().map(\.id) == [stored.id], "it still counts")
        _ = try harness.database.pauses.end(subject, by: Author("alice", by: "resume"), now: .start)
        let resumed = try await harness.iterate(2)
        #expect(resumed.bids.map(\.launchId) == [stored.id])
        #expect(ec2.live.map(\.clientToken) == [stored.id])
    }
}
