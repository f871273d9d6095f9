import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Failures of services")
struct FailureTests {
    private static let down = ServiceFailure(kind: .unreachable, code: "unreachable", message: "no answer")

    @Test("The last known capacity of a failed region counts, and other regions continue")
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

    @Test(
        "The last known instances of a failed region count as running or booting, with and without a launch row"
    )
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

        let read = try #require(try await harness.iterate(3).decision("alpha")).tally
        #expect(read == CapacityTally(running: 2, booting: 2))
        isDown.withLock { $0 = true }
        let unread = try #require(try await harness.iterate(4).decision("alpha")).tally
        #expect(unread == read)
    }

    @Test("No instance is terminated in a region that cannot be read")
    func noRetirement() async throws {
        let isDown = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call == "regionState us-east-1", isDown.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        try harness.database.workerTypes.remove("alpha", by: .program, now: .start)
        isDown.withLock { $0 = true }
        #expect(try await harness.iterate(1).terminated.isEmpty)
        isDown.withLock { $0 = false }
        #expect(try await harness.iterate(2).terminated.count == 2)
        #expect(harness.ec2.live.isEmpty)
    }

    @Test("A failed call of the Queue skips only its worker type")
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

    @Test("An iteration fails when every call fails")
    func everything() async throws {
        let harness = try Harness(
            ec2: try TestEC2(before: { _ in throw Self.down }),
            queue: TestQueue([:]) { _ in throw Self.down }, workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.outcome == .failed)
        #expect(try harness.database.iterations.latest(1).first?.outcome == .failed)
    }

    @Test("A launch without a response is found, and not repeated")
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

    @Test("A launch that EC2 did not receive is repeated with the same client token")
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
        "Instances that EC2 does not show count for a quarter of an hour, and are then lost")
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

    @Test("A throttled launch that EC2 took and shows later than a quarter of an hour is not bought again")
    func throttledAndTaken() async throws {
        let isThrottled = Mutex(true)
        let ec2 = try TestEC2(afterLaunch: {
            guard isThrottled.withLock({ $0 }) else { return }
            throw ServiceFailure(kind: .throttled, code: "RequestLimitExceeded", message: "slow down")
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        harness.ec2.hide(true)
        for minute in 0...25 { try await harness.iterate(Double(minute)) }
        #expect(try harness.database.launches.latest(9, of: "alpha").count == 1)
        isThrottled.withLock { $0 = false }
        harness.ec2.hide(false)
        let report = try await harness.iterate(26)
        #expect(report.decision("alpha")?.tally == CapacityTally(booting: 1))
        #expect(harness.ec2.live.count == 1)
        #expect(try harness.database.launches.open().first?.secretExpires == .start.plus(minutes: 40))
    }

    @Test(
        "A launch that EC2 never shows is repeated for a quarter of an hour, and lost a quarter of an hour later"
    )
    func lost() async throws {
        let isOver = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), !isOver.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        for minute in 0...15 { try await harness.iterate(Double(minute)) }
        isOver.withLock { $0 = true }
        for minute in 16...30 {
            #expect(try await harness.iterate(Double(minute)).bids.isEmpty)
        }
        #expect(try await harness.iterate(31).count(.launched) == 1)
        #expect(harness.ec2.live.count == 1)
    }

    @Test("The time of a secret begins when EC2 takes the launch")
    func secretLife() async throws {
        let isDown = Mutex(true)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), isDown.withLock({ $0 }) { throw Self.down }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        isDown.withLock { $0 = false }
        try await harness.iterate(14)
        try await harness.iterate(15)
        #expect(try harness.database.launches.open().first?.secretExpires == .start.plus(minutes: 54))
        #expect(try await harness.iterate(53).terminated.isEmpty)
        #expect(try await harness.iterate(55).terminated.count == 1)
    }

    @Test("Missing rights stop the region and are a misconfiguration")
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
