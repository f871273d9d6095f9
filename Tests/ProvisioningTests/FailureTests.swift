import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("When a service fails")
struct FailureTests {
    private static let down = ServiceFailure(kind: .unreachable, code: "unreachable", message: "no answer")

    @Test("a region's last known capacity counts, and the others go on")
    func region() async throws {
        let isDown = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call.hasSuffix("us-east-1"), isDown.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 4]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1"]), "beta": .sample(regions: ["eu-west-1"])])
        try await harness.iterate(0)
        isDown.withLock { $0 = true }
        harness.queue.set("beta", 1)
        let report = try await harness.iterate(1)
        #expect(report.decision("alpha")?.tally.total == 4)
        #expect(report.bids.map(\.bid.workerType) == ["beta"])
        #expect(report.outcome == .partial)
        #expect(report.failures.map(\.subject) == [CallSubject(.region, "us-east-1")])
        harness.queue.set("alpha", 9)
        #expect(try await harness.iterate(2).bids.isEmpty, "a region that cannot be read is not bid in")
        #expect(
            try harness.database.regions.failures().map(\.subject).contains(CallSubject(.region, "us-east-1"))
        )
        isDown.withLock { $0 = false }
        #expect(try await harness.iterate(3).count(.launched) == 5)
        #expect(try harness.database.regions.failures().isEmpty)
    }

    @Test("a region's last known instances count as running or booting, with and without a launch row")
    func lastKnownState() async throws {
        let isDown = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call == "regionState us-east-1", isDown.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 3]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1"])])
        try await harness.iterate(0)
        let checkedIn = try #require(ec2.live.first)
        let userData = try JSONValue(parsing: Data(ec2.userData(of: checkedIn.id).utf8)).objectValue
        _ = try harness.database.secrets.take(
            token: userData?["securityToken"]?.stringValue ?? "", now: .start.plus(minutes: 1))
        try ec2.launchForeign("foreign", like: checkedIn)
        harness.queue.set("alpha", 0)

        let read = try #require(try await harness.iterate(2).decision("alpha")).tally
        #expect(read == CapacityTally(running: 2, booting: 2))
        isDown.withLock { $0 = true }
        let unread = try #require(try await harness.iterate(3).decision("alpha")).tally
        #expect(unread == read)
    }

    @Test("instances in a region that cannot be read are not terminated")
    func noRetirement() async throws {
        let isDown = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call == "regionState us-east-1", isDown.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        try harness.database.workerTypes.remove("alpha", now: .start)
        isDown.withLock { $0 = true }
        #expect(try await harness.iterate(1).terminated.isEmpty)
        isDown.withLock { $0 = false }
        #expect(try await harness.iterate(2).terminated.count == 2)
        #expect(harness.ec2.live.isEmpty)
    }

    @Test("the Queue's failure skips that worker type alone")
    func queue() async throws {
        let queue = TestQueue(["alpha": 2, "beta": 2]) { workerType in
            if workerType == "alpha" { throw Self.down }
        }
        let harness = try Harness(
            queue: queue, workerTypes: ["alpha": .sample(minCapacity: 3), "beta": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.bids.map(\.bid.workerType) == ["beta", "beta"])
        #expect(report.decision("alpha")?.change == nil)
        #expect(report.outcome == .partial)
    }

    @Test("everywhere, the iteration fails and says so")
    func everything() async throws {
        let harness = try Harness(
            ec2: try TestEC2(before: { _ in throw Self.down }),
            queue: TestQueue([:]) { _ in throw Self.down }, workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.outcome == .failed)
        #expect(try harness.database.iterations.latest(1).first?.outcome == .failed)
    }

    @Test("a launch whose answer was lost is found again, and not made twice")
    func lostAnswer() async throws {
        let isCut = Mutex(true)
        let ec2 = try TestEC2(afterLaunch: { if isCut.withLock({ $0 }) { throw Self.down } })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 3]), workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.count(.unanswered) >= 1)
        #expect(report.outcome == .partial)
        isCut.withLock { $0 = false }
        try await harness.iterate(1)
        try await harness.iterate(2)
        #expect(harness.ec2.live.count == 3)
        #expect(try harness.database.launches.open().count == 3)
    }

    @Test("a launch that EC2 never heard of is called again with the same client token")
    func unheard() async throws {
        let isDeaf = Mutex(true)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), isDeaf.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let stored = try #require(try harness.database.launches.open().first)
        isDeaf.withLock { $0 = false }
        let report = try await harness.iterate(1)
        #expect(report.bids.map(\.launchId) == [stored.id])
        #expect(harness.ec2.live.map(\.clientToken) == [stored.id])
    }

    @Test(
        "instances that EC2 does not show yet are not bought again, and given up after a quarter of an hour")
    func eventualConsistency() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 3]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        harness.ec2.hide(true)
        for minute in 1...14 {
            let report = try await harness.iterate(Double(minute))
            #expect(report.bids.isEmpty)
            #expect(report.decision("alpha")?.tally.requested == 3)
        }
        #expect(try await harness.iterate(16).count(.launched) == 3)
        harness.ec2.hide(false)
        let report = try await harness.iterate(17)
        #expect(report.decision("alpha")?.tally.total == 6, "what shows up late is ours, and counts")
    }

    @Test("missing rights stop the region and are reported as misconfiguration")
    func unauthorized() async throws {
        let calls = Mutex(0)
        let ec2 = try TestEC2(before: { call in
            guard call.hasPrefix("launch") else { return }
            calls.withLock { $0 += 1 }
            throw ServiceFailure(kind: .unauthorized, code: "UnauthorizedOperation", message: "not allowed")
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 50]), workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.isMisconfigured)
        #expect(calls.withLock { $0 } <= 4)
    }
}
