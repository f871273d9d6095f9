import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Provisioning
@testable import Storage

@Suite("The size of the database")
struct DatabaseSizeTests {
    private static let aDay = 1440

    @Test("100 quiet worker types with a scaling ratio add at most 3 MB a day")
    func quietWorkerTypes() async throws {
        let names = (0..<100).map { "quiet-worker-type-\($0)" }
        let harness = try Harness(
            queue: TestQueue(Dictionary(uniqueKeysWithValues: names.map { ($0, 5) })),
            workerTypes: Dictionary(
                uniqueKeysWithValues: names.map { ($0, .sample(scalingRatio: 0.1)) }))
        for minute in 0..<3 { try await harness.iterate(Double(minute)) }
        try harness.database.write { db in
            try db.execute(sql: "UPDATE launches SET checked_in_at = ?", arguments: [Date.start.milliseconds])
        }
        for name in names { harness.queue.set(name, 0) }
        try await harness.iterate(3)
        let before = try harness.database.contentSize()
        let iterations = 10
        for minute in 4..<(4 + iterations) {
            let report = try await harness.iterate(Double(minute))
            #expect(report.decisions.allSatisfy { $0.tally.running == 5 && $0.change?.change == -1 })
        }
        let grown = try harness.database.contentSize() - before
        #expect(grown * Self.aDay / iterations <= 3_000_000)
    }

    @Test("A backlog of any size adds at most 1 MB in an iteration", arguments: [1000, 100_000])
    func backlog(pendingTasks: Int) async throws {
        let names = ["alpha", "beta", "gamma"]
        let harness = try Harness(
            ec2: try TestEC2(capacity: 100_000...100_000),
            queue: TestQueue(Dictionary(uniqueKeysWithValues: names.map { ($0, pendingTasks) })),
            workerTypes: Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, .sample(maxCapacity: 1_000_000, regions: ["us-east-1", "eu-west-1"]))
                }))
        let before = try harness.database.contentSize()
        let report = try await harness.iterate(0)
        let grown = try harness.database.contentSize() - before
        #expect(report.count(.launched) == 400)
        #expect(report.bids.count <= 3 * 400, "no more than the regions take")
        #expect(grown <= 1_000_000)
    }

    @Test("A decision is kept if it has submitted bids or a new problem")
    func noteworthy() async throws {
        let queue = TestQueue(["alpha": 1])
        let harness = try Harness(queue: queue, workerTypes: ["alpha": .sample(maxPrice: 0.01)])
        func kept() throws -> Int { try harness.database.count("decisions") }
        for minute in 0..<3 { try await harness.iterate(Double(minute)) }
        #expect(try kept() == 1, "nothing is affordable, which is new once")
        #expect(try harness.database.iterations.latest(1).first?.summary?.decisions == [])
        _ = try harness.database.workerTypes.update(
            "alpha", .sample(), by: .program, now: .start.plus(minutes: 3))
        let report = try await harness.iterate(3)
        #expect(report.count(.launched) == 1)
        #expect(try kept() == 2)
        for minute in 4..<7 { try await harness.iterate(Double(minute)) }
        #expect(try kept() == 2)
        #expect(try harness.database.iterations.explanation(of: "alpha")?.iteration == 7)
    }

    @Test("The stored report counts the failed calls above 20, and bids that were not submitted")
    func storedReport() {
        var report = IterationReport(id: 1, startedAt: .start, dryRun: false)
        let failure = ServiceFailure(kind: .unreachable, code: "timeout", message: "m")
        report.failures = (0..<1000).map { FailedCall(.queue, "w\($0)", failure) }
        let bid = Bid(
            workerType: "alpha",
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
            capacity: 1, market: .spot, spotPrice: .zero, effectivePrice: .zero, bidPrice: .zero)
        report.bids = [BidResult(bid, .failed, failure: failure), BidResult(bid, .skipped, failure: failure)]
        let stored = report.storedSummary(noteworthy: [])
        #expect(stored.failures.count == 20 && stored.omittedFailures == 980)
        #expect(stored.bids.map(\.outcome) == [.failed] && stored.skippedBids == 1)
        #expect(report.summary.failures.count == 1000)
    }
}

extension ProvisionerDatabase {
    fileprivate func count(_ table: String) throws -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    /// The bytes in the columns of all tables.
    fileprivate func contentSize() throws -> Int {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).reduce(0) { sum, table in
                let lengths = try db.columns(in: table).map {
                    "COALESCE(length(CAST(\"\($0.name)\" AS BLOB)), 0)"
                }
                return sum
                    + (try Int.fetchOne(
                        db, sql: "SELECT sum(\(lengths.joined(separator: " + "))) FROM \"\(table)\"") ?? 0)
            }
        }
    }
}
