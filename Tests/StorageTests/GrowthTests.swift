import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("Limits of tables that callers fill")
struct GrowthTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    private func sql(_ sql: String) throws { try database.write { db in try db.execute(sql: sql) } }

    private func count(_ table: String) throws -> Int {
        try database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    @Test("A hundred refused claims of a token are recorded")
    func refusedClaims() throws {
        try fixture.store("l", token: "token")
        for number in 0..<200 {
            _ = try database.secrets.recordInstanceStarted(
                token: "token", instanceId: "i-\(number)", now: .start)
        }
        let claims = try database.secrets.refusedClaims()
        #expect(claims.count == 100)
        #expect(claims.allSatisfy { $0.owner == "i-0" && $0.workerType == "alpha" && $0.at == .start })
        #expect(claims.contains { $0.instanceId == "i-1" } && !claims.contains { $0.instanceId == "i-0" })
    }

    @Test("Secrets of clients are limited until they expire")
    func secrets() throws {
        try sql(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(SecretStore.most))
            INSERT INTO secrets (token_hash, worker_type, content_mac, expires)
            SELECT CAST(i AS BLOB), 'alpha', x'', \(Date.start.plus(minutes: 1).milliseconds) FROM n
            """)
        func create() throws -> SecretStore.Creation {
            try database.secrets.create(
                token: "t", workerType: "alpha", content: SecretContent(secrets: [:], scopes: []),
                expires: .start.plus(minutes: 9), by: .program, now: .start)
        }
        #expect(try create() == .tooMany)
        try database.secrets.purgeExpired(now: .start.plus(minutes: 2))
        #expect(try create() == .created)
        #expect(try create() == .same)
    }

    @Test("The number of worker types is limited")
    func workerTypes() throws {
        try sql(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(WorkerTypeStore.most))
            INSERT INTO worker_types (name, definition, last_modified) SELECT 'w' || i, '{}', 0 FROM n
            """)
        guard case .tooMany = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        else {
            Issue.record("one more was created")
            return
        }
        #expect(try database.workerTypes.remove("w1", by: .program, now: .start))
        guard case .created = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        else {
            Issue.record("none was created below the limit")
            return
        }
    }

    @Test("Names of removed worker types and their counters are limited in number and time")
    func names() throws {
        for (index, name) in ["old", "middle", "new"].enumerated() {
            _ = try database.workerTypes.create(name, .sample(), by: .program, now: .start)
            try database.workerTypes.remove(name, by: .program, now: .start.plus(minutes: Double(index)))
        }
        _ = try database.workerTypes.create("live", .sample(), by: .program, now: .start)
        try database.counters.add(.terminations, [("old", "x"), ("new", "x"), ("live", "x")])
        try database.workerTypes.purge(removedBefore: .start.plus(minutes: 1))
        #expect(try database.workerTypes.removed() == ["middle", "new"])
        #expect(Set(try database.counters.all().map(\.workerType)) == ["new", "live"])
        try database.workerTypes.purge(removedBefore: .start, keeping: 1)
        #expect(try database.workerTypes.removed() == ["new"])
        #expect(try database.workerTypes.names() == ["live"])
    }

    @Test("A noteworthy decision takes little more space than its text")
    func decisions() throws {
        let before = try database.size()
        let iterations = Int64(300)
        for iteration in 1...iterations {
            var decision = WorkerTypeDecision.sample()
            decision.add(problems: [Problem(.warning, String(repeating: "p", count: 1000))])
            try database.iterations.record([decision], noteworthy: ["alpha"], iteration: iteration)
        }
        let text = try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT sum(length(json)) FROM decisions") ?? 0
        }
        #expect(text > 300_000)
        #expect(try Double(database.size() - before) < 1.7 * Double(text))
    }

    @Test("Notices with a time in the future are purged")
    func notices() throws {
        let notice = InterruptionNotice(
            instanceId: "i-1", region: "r", kind: .ended, at: .start.plus(minutes: 1e6))
        try database.notices.record([notice], now: .start)
        try database.notices.purge(before: .start)
        #expect(try count("interruption_notices") == 1)
        try database.notices.purge(before: .start.plus(minutes: 1))
        #expect(try count("interruption_notices") == 0)
    }
}
