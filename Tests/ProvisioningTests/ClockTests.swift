import Domain
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Provisioning
@testable import Storage

@Suite("An iteration with a wrong clock")
struct ClockTests {
    private static let hours: TimeInterval = 3600

    @Test("It deletes no secrets of booting instances, terminates none, and buys none again")
    func ahead() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        #expect(try await harness.iterate(0).count(.launched) == 2)
        func sealed() throws -> Int {
            try harness.database.read { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM secrets WHERE content IS NOT NULL") ?? 0
            }
        }
        harness.ec2.clockDelay.withLock { $0 = 2 * Self.hours }
        let report = try await harness.iterate(121)
        #expect(report.outcome == .success && report.count(.launched) == 0, "both count as booting")
        #expect(report.terminated.isEmpty && harness.ec2.live.count == 2)
        #expect(try sealed() == 2)
        // The clock is right again.
        harness.ec2.clockDelay.withLock { $0 = 0 }
        #expect(try await harness.iterate(2).outcome == .success)
        #expect(try sealed() == 2)
        harness.queue.set("alpha", 0)
        #expect(try await harness.iterate(41).terminated.count == 2)
        #expect(try sealed() == 0)
    }

    @Test("A step of the clock gives up no launch that EC2 does not show yet", arguments: [2.0, -1])
    func unseen(hoursAhead: Double) async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        harness.ec2.hide(true)
        func iterate(_ minute: Double, hoursAhead: Double) async throws -> Int {
            harness.ec2.clockDelay.withLock { $0 = hoursAhead * Self.hours }
            return try await harness.iterate(minute + hoursAhead * 60).count(.launched)
        }
        #expect(try await iterate(0, hoursAhead: 0) == 2)
        #expect(try await iterate(1, hoursAhead: hoursAhead) == 0)
        harness.queue.set("alpha", 4)
        #expect(try await iterate(2, hoursAhead: hoursAhead) == 2, "the two others count as requested")
        #expect(try await iterate(3, hoursAhead: 0) == 0)
        #expect(try harness.database.launches.open().count == 4)
    }

    @Test("A hold that begins with a wrong clock ends by EC2's time")
    func hold() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch") {
                throw ServiceFailure(kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "m")
            }
        })
        let harness = try Harness(ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        ec2.clockDelay.withLock { $0 = 2 * Self.hours }
        #expect(try await harness.iterate(120).count(.failed) > 0)
        let holds = try harness.database.holds.all()
        #expect(!holds.isEmpty && holds.allSatisfy { $0.until == .start.plus(minutes: 15) })
    }

    @Test("Nothing is deleted in an iteration that reads no region")
    func unread() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("regionState") {
                throw ServiceFailure(kind: .unreachable, code: "unreachable", message: "m")
            }
        })
        let harness = try Harness(ec2: ec2, queue: TestQueue([:]), workerTypes: ["alpha": .sample()])
        for minute: Double in [0, 86_400] { try await harness.iterate(minute) }
        #expect(try harness.database.iterations.latest(5).count == 2)
    }

    @Test(
        "The clock agrees within five minutes with one of the regions",
        arguments: [
            ([0], true), ([-299], true), ([301], false), ([-7200, 10], true),
            ([-7200, 7200], false),
        ] as [([TimeInterval], Bool)])
    func tolerance(differences: [TimeInterval], agrees: Bool) {
        let states = differences.map { (difference: TimeInterval) -> RegionState in
            var state = RegionState(
                region: "r", instances: [], spotRequests: [], availabilityZones: [], fetchedAt: .start)
            state.respondedAt = Date.start.addingTimeInterval(-difference)
            return state
        }
        let check = ClockCheck(states, now: .start)
        #expect(check.allowsPurging == agrees && check.allowsEndingByAge == agrees)
        #expect((check.time(.start) == .start) == (agrees || differences.isEmpty))
        let unknown = ClockCheck([], now: .start)
        #expect(!unknown.allowsPurging && unknown.allowsEndingByAge)
    }
}
