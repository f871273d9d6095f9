import Domain
import Formats
import Foundation
import Provisioning
import Storage
import TestSupport
import Testing

@Suite("Terminations and cancellations of an iteration")
struct RetiringTests {
    @Test("Instances of removed worker types are terminated, and foreign instances are not")
    func orphans() async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 2, "beta": 1]), workerTypes: ["alpha": .sample(), "beta": .sample()])
        try await harness.iterate(0)
        let other = try Harness(ec2: harness.ec2, queue: TestQueue([:]), workerTypes: ["gamma": .sample()])
        let report = try await other.iterate(1)
        #expect(report.terminated.isEmpty)
        #expect(report.warnings.count == 2)
        try harness.database.workerTypes.remove("alpha", by: .program, now: .start)
        #expect(try await harness.iterate(2).terminated.map(\.workerType) == ["alpha", "alpha"])
        #expect(harness.ec2.live.map { $0.tags["Name"] } == ["beta"])
    }

    @Test("Open requests above the wanted capacity are cancelled, and instances of requests are tagged")
    func requestMode() async throws {
        var harness = try Harness(
            ec2: try TestEC2(capacity: 2...2), queue: TestQueue(["alpha": 8]),
            workerTypes: ["alpha": .sample()])
        harness.deployment.rules.requestMode = .requestSpotInstances
        #expect(try await harness.iterate(0).count(.launched) == 8)
        let second = try await harness.iterate(1)
        #expect(second.cancelled.count == 4, "two pools of two: the rest waits for capacity and is stalled")
        #expect(second.decision("alpha")?.tally.total == 4)
        #expect(second.bids.isEmpty, "pools that did not fulfil their requests are on hold")
        #expect(harness.ec2.live.count == 4)
        try await harness.iterate(2)
        #expect(harness.ec2.live.allSatisfy { $0.tags["LaunchId"] != nil })
        #expect(try harness.database.launches.open().count >= 4)
    }

    @Test("Instances older than maxLife are terminated")
    func maxLife() async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let launch = try #require(try harness.database.launches.open().first)
        let data = try JSONValue(
            parsing: Data(harness.ec2.userData(of: launch.instanceId ?? "").utf8))
        _ = try harness.database.secrets.take(
            token: data.objectValue?["securityToken"]?.stringValue ?? "", now: .start)
        harness.queue.set("alpha", 0)
        #expect(try await harness.iterate(95 * 60).terminated.isEmpty)
        #expect(try await harness.iterate(96 * 60 + 1).terminated.map(\.reason) == [.maxLife])
        #expect(try await harness.iterate(96 * 60 + 2).terminated.isEmpty)
        #expect(try harness.database.launches.open().isEmpty)
    }
}

@Suite("The iteration lock")
struct IterationLockTests {
    @Test("One process has the lock, a second one reads its holder, and its end releases the lock")
    func exclusive() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("p.sqlite")
        do {
            let lock = try IterationLock(database: path, now: .start)
            let held = #expect(throws: IterationLock.InUse.self) {
                _ = try IterationLock(database: path, now: .start)
            }
            #expect(held?.holder.contains("process \(getpid()) since 2023-11-14T22:13:20.000Z") == true)
            _ = consume lock
        }
        _ = try IterationLock(database: path, now: .start)
    }

    @Test("A failure names the lock file")
    func unusable() {
        #expect(throws: IterationLock.Unusable.self) {
            _ = try IterationLock(database: "/nowhere/p.sqlite", now: .start)
        }
    }
}
