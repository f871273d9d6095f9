import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("The stores of interruptions and terminations")
struct EndingStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    @Test("Each notice is stored once, and attributed to an instance of this deployment")
    func notices() throws {
        try fixture.store("a")
        var launched = fixture.launch("a")
        launched.instanceId = "i-0000000a"
        launched.state = .visible
        try database.launches.update([launched])
        func notice(_ id: String, _ kind: InterruptionNotice.Kind, minute: Double) -> InterruptionNotice {
            InterruptionNotice(
                instanceId: id, region: "us-east-1", kind: kind, at: .start.plus(minutes: minute))
        }
        let mine = notice("i-0000000a", .interruption, minute: 5)
        let foreign = notice("i-0000000b", .rebalance, minute: 1)
        for _ in 1...2 { try database.notices.record([mine, foreign], now: .start.plus(minutes: 6)) }
        #expect(try database.notices.since(.start) == [mine, foreign])
        #expect(try database.notices.since(.start.plus(minutes: 2)) == [mine])
        let own = try database.notices.attributed(since: .start)
        #expect(own.map(\.notice) == [mine])
        #expect(own.map(\.workerType) == ["alpha"])
        #expect(own.map(\.pool) == [launched.pool])
        try database.notices.purge(before: .start.plus(minutes: 2))
        #expect(try database.notices.since(.start) == [mine])
    }

    @Test("A termination has a reason, the time of the first request, the number of requests and an end")
    func terminations() throws {
        let instance = Instance(
            id: "i-1", pool: fixture.launch("x").pool, imageId: "a", state: .running, launchTime: .start)
        let termination = TerminationPlan.Termination(
            instance: instance, workerType: "alpha", launchId: "x", reason: .maxLife)
        try database.terminations.record(asked: [termination], gone: [], now: .start)
        try database.terminations.record(asked: [termination], gone: ["i-2"], now: .start.plus(minutes: 5))
        let record = TerminationRecord(
            instanceId: "i-1", region: "us-east-1", workerType: "alpha", launchId: "x", reason: .maxLife,
            askedAt: .start, lastAskedAt: .start.plus(minutes: 5), attempts: 2)
        #expect(try database.terminations.pending() == [record])
        try database.terminations.record(asked: [], gone: ["i-1"], now: .start.plus(minutes: 6))
        #expect(try database.terminations.pending().isEmpty)
        #expect(try ends() == [.start.plus(minutes: 6)])
        try database.terminations.purge(before: .start.plus(minutes: 6))
        #expect(try ends() == [])
    }

    /// The stored ends of terminations.
    private func ends() throws -> [Date] {
        try database.read { db in
            try Int64.fetchAll(db, sql: "SELECT gone_at FROM terminations").map(Date.init(milliseconds:))
        }
    }

    @Test("Interruptions and hours of spot instances are counted by pool within a window")
    func interruptionRates() throws {
        func add(_ id: String, from: Double, to: Double?, market: Market = .spot) throws {
            try fixture.store(id, token: "token-" + id)
            var row = fixture.launch(id)
            row.state = to == nil ? .visible : .ended
            row.instanceId = "i-" + id
            row.startedAt = .start.plus(minutes: from)
            row.endedAt = to.map { .start.plus(minutes: $0) }
            try database.launches.update([row])
        }
        try add("a", from: 0, to: 90)
        try add("b", from: 30, to: nil)
        try add("c", from: -600, to: -30)
        let pool = fixture.launch("a").pool
        func interruption(_ id: String, _ minute: Double) -> Interruption {
            Interruption(
                instanceId: "i-" + id, launchId: id, workerType: "alpha", pool: pool,
                reason: "Server.SpotInstanceTermination", at: .start.plus(minutes: minute))
        }
        try database.interruptions.record([interruption("a", 90), interruption("c", -30)])
        try database.interruptions.record([interruption("a", 95)])
        let rates = try database.interruptions.rates(since: .start, now: .start.plus(minutes: 120))
        #expect(rates == [pool: InterruptionRate(interruptions: 1, billedInterruptions: 1, instanceHours: 3)])
        #expect(abs((rates[pool]?.per100Hours ?? 0) - 100.0 / 3) < 1e-9)
        let later = try database.interruptions.rates(
            since: .start.plus(minutes: 60), now: .start.plus(minutes: 120))
        #expect(
            later == [pool: InterruptionRate(interruptions: 1, billedInterruptions: 1, instanceHours: 1.5)])
        #expect(
            try database.interruptions.rates(since: .start.plus(minutes: 600), now: .start.plus(minutes: 660))
                == [pool: InterruptionRate(interruptions: 0, billedInterruptions: 0, instanceHours: 1)])
        try add("d", from: 601, to: 660)
        try database.interruptions.record([interruption("d", 660)])
        let free = try database.interruptions.rates(
            since: .start.plus(minutes: 660), now: .start.plus(minutes: 720))
        #expect(free[pool]?.interruptions == 1, "in its first hour, which EC2 does not bill")
        #expect(free[pool]?.billedInterruptions == 0)
        try database.interruptions.purge(before: .start)
        #expect(try database.interruptions.instanceIds() == ["i-a", "i-d"])
    }
}
