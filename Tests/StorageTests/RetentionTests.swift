import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("Retention")
struct RetentionTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    @Test(
        "No deletion of old records, and no search for the last iterations, reads a whole table",
        arguments: [
            "SELECT id FROM iterations WHERE started_at < 1 ORDER BY started_at, id LIMIT 20",
            "SELECT * FROM iterations WHERE finished_at >= 1 AND id > 0 AND dry_run = 0 ORDER BY +id DESC LIMIT 9",
            "SELECT * FROM iterations WHERE outcome = 'success' AND dry_run = 0 ORDER BY id DESC LIMIT 1",
            "SELECT id FROM launches WHERE ended_at < 1 AND state IN ('failed', 'lost', 'ended') ORDER BY ended_at, id",
            "DELETE FROM secrets WHERE expires <= 1 AND launch_id IS NULL",
            "UPDATE secrets SET content = NULL WHERE expires <= 1 AND content IS NOT NULL",
            "DELETE FROM worker_credentials WHERE expires <= 1",
            "DELETE FROM terminations WHERE last_asked_at < 1",
            "DELETE FROM interruptions WHERE at < 1",
            "DELETE FROM interruption_notices WHERE at < 1",
            "DELETE FROM interruption_notices WHERE received_at < 1",
            "DELETE FROM notifications WHERE created_at < 1",
            "UPDATE notifications SET state = 'expired' WHERE state = 'pending' AND created_at < 1",
            "DELETE FROM audit WHERE at < 1",
            "DELETE FROM capacity_history WHERE at < 1",
        ])
    func indexes(sql: String) throws {
        let plan = try database.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
        }
        #expect(!plan.isEmpty && plan.allSatisfy { !$0.hasPrefix("SCAN") }, "\(plan)")
    }

    @Test("A region state without a change is not written again, and has the time of the last read")
    func unchangedRegion() throws {
        func state(_ minute: Double, zones: [String] = ["a"]) -> RegionState {
            RegionState(
                region: "us-east-1", instances: [], spotRequests: [], availabilityZones: zones,
                fetchedAt: .start.plus(minutes: minute))
        }
        func document() throws -> String? {
            try database.read { db in try String.fetchOne(db, sql: "SELECT json FROM region_states") }
        }
        try database.regions.save([state(0)])
        let first = try document()
        try database.regions.save([state(1)], over: try database.regions.all())
        #expect(try document() == first)
        #expect(try database.regions.all() == ["us-east-1": state(1)])
        try database.regions.save([state(2, zones: ["a", "b"])], over: try database.regions.all())
        #expect(try document() != first)
        #expect(try database.regions.all() == ["us-east-1": state(2, zones: ["a", "b"])])
    }

    @Test("Old iterations are deleted in parts, with their decisions")
    func iterations() throws {
        for minute in 0..<50 {
            let id = try database.iterations.begin(dryRun: false, now: .start.plus(minutes: Double(minute)))
            try database.iterations.record([.sample()], noteworthy: ["alpha"], iteration: id)
        }
        let limit = Date.start.plus(minutes: 45)
        #expect(try database.rollingBack().iterations.purge(startedBefore: limit) == 20)
        #expect(try database.iterations.latest(100).count == 50)
        #expect(try database.iterations.purge(startedBefore: limit) == 45)
        #expect(try database.iterations.latest(100).count == 5)
        let left = try database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM decisions") }
        #expect(left == 5)
    }

    @Test("The last report alone contains the calls that were neither retried nor throttled")
    func calls() throws {
        func action(_ name: String, retries: Int) -> CallStatistics.Action {
            CallStatistics.Action(
                service: "ec2", action: name, region: "r",
                counts: CallStatistics.Counts(calls: 3, retries: retries))
        }
        var summary = IterationSummary()
        summary.calls = CallStatistics(actions: [action("a", retries: 0), action("b", retries: 1)])
        for minute in [0.0, 1] {
            let id = try database.iterations.begin(dryRun: false, now: .start.plus(minutes: minute))
            try database.iterations.finish(
                id, outcome: .success, summary: summary, now: .start.plus(minutes: minute))
        }
        let actions = try database.iterations.latest(2).map { record in
            record.summary?.calls?.actions.map(\.action)
        }
        #expect(actions == [["a", "b"], ["b"]])
    }
}
