import Cryptography
import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("The audit log")
struct AuditTests {
    private let folder: TemporaryFolder
    private let database: ProvisionerDatabase
    private let alice = Author("alice", by: "edit")

    init() throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
    }

    @Test("It contains each change of a worker type with author, time, means, before and after")
    func changes() throws {
        _ = try database.workerTypes.create(
            "alpha", .sample(maxCapacity: 1), by: Author("ci", by: "api"), now: .start)
        _ = try database.workerTypes.update(
            "alpha", .sample(maxCapacity: 2), by: alice, now: .start.plus(minutes: 1))
        try database.workerTypes.remove("alpha", by: alice, now: .start.plus(minutes: 2))
        let entries = try database.audit.entries(workerType: "alpha")
        #expect(entries.map(\.action) == [.created, .updated, .removed])
        #expect(entries.map(\.author) == [Author("ci", by: "api"), alice, alice])
        #expect(entries.map(\.at) == [.start, .start.plus(minutes: 1), .start.plus(minutes: 2)])
        #expect(entries[1].differences.flatMap(\.lines) == ["- maxCapacity: 1", "+ maxCapacity: 2"])
        #expect(entries[0].before == nil)
        #expect(entries[2].after == nil)
        #expect(entries[2].before == entries[1].after)
    }

    @Test("It does not contain refused changes and changes without effect")
    func nothing() throws {
        _ = try database.workerTypes.create("alpha", .sample(), by: alice, now: .start)
        _ = try database.workerTypes.create("alpha", .sample(maxCapacity: 3), by: alice, now: .start)
        _ = try database.workerTypes.update("beta", .sample(), by: alice, now: .start)
        _ = try database.workerTypes.apply([("alpha", { _ in .sample() })], by: alice, now: .start)
        _ = try database.workerTypes.apply(
            [("alpha", { _ in .sample(maxCapacity: 9) })], dryRun: true, by: alice, now: .start)
        try database.workerTypes.remove("beta", by: alice, now: .start)
        #expect(try database.audit.entries().count == 1)
        #expect(try database.workerTypes.get("alpha")?.definition == .sample())
    }

    @Test("It shows that a secret changed, without its values")
    func secrets() throws {
        _ = try database.workerTypes.create(
            "alpha", .sample(secrets: ["t": "planted-1"]), by: alice, now: .start)
        _ = try database.workerTypes.update(
            "alpha", .sample(secrets: ["t": "planted-2"]), by: alice, now: .start)
        _ = try database.workerTypes.update(
            "alpha", .sample(maxCapacity: 3, secrets: ["t": "planted-2"]), by: alice, now: .start)
        let entries = try database.audit.entries()
        #expect(entries[1].differences.flatMap(\.lines) == ["~ secrets.t: another value"])
        #expect(entries[2].differences.map(\.path) == ["maxCapacity"])
        let rows = try DatabaseQueue(path: folder.file("p.sqlite")).read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM audit").map { "\($0)" }
        }
        #expect(rows.count == 3)
        #expect(!rows.joined().contains("planted"))
    }

    @Test("It contains added, changed and removed clients, without their tokens")
    func clients() throws {
        func client(_ scopes: [String]) -> ClientRecord {
            ClientRecord(clientId: "me", scopes: scopes, expires: nil, description: "", createdAt: .start)
        }
        _ = try database.clients.add(client(["a"]), accessToken: "planted-token", by: alice)
        #expect(try database.clients.update(client(["b"]), by: alice, now: .start))
        #expect(try database.clients.get("me")?.accessToken == "planted-token")
        #expect(try database.clients.remove("me", by: alice, now: .start))
        let entries = try database.audit.entries()
        #expect(entries.map(\.action) == [.created, .updated, .removed])
        #expect(entries.allSatisfy { $0.kind == .client && $0.subject == "me" })
        #expect(!"\(entries)".contains("planted"))
    }

    @Test("It keeps the documents of the latest changes up to a limit, and the authors of all")
    func limits() throws {
        for number in 0..<40 {
            var definition = WorkerTypeDefinition.sample(maxCapacity: number + 1)
            definition.description = String(repeating: "d", count: 2000)
            _ = try database.workerTypes.apply([("alpha", { _ in definition })], by: alice, now: .start)
        }
        let before = try database.audit.entries()
        let removed = try database.audit.purge(
            before: .distantPast, limits: AuditStore.Limits(documents: 20_000))
        #expect(removed == 0)
        let entries = try database.audit.entries()
        #expect(entries.map(\.author) == before.map(\.author) && entries.count == 40)
        let documented = entries.filter { $0.after != nil }
        #expect((3...5).contains(documented.count))
        #expect(documented == before.suffix(documented.count), "the latest keep them whole")
        #expect(
            try database.audit.purge(before: .distantPast, limits: AuditStore.Limits(entries: 5)) == 35)
        #expect(try database.audit.entries().map(\.id) == before.suffix(5).map(\.id))
    }

    @Test("Documents of an older program count against the limit")
    func olderDocuments() throws {
        let path = folder.file("old.sqlite")
        let old = try DatabaseQueue(path: path)
        try Schema.migrator().migrate(old, upTo: "7: audit")
        try old.write { db in
            for _ in 0..<3 {
                try db.execute(
                    sql: """
                        INSERT INTO audit (at, author, means, action, kind, subject, before, after)
                        VALUES (0, 'a', 'b', 'updated', 'client', 'c', '"é"', '"é"')
                        """)
            }
        }
        try old.close()
        let database = try ProvisionerDatabase(path: path, key: nil)
        try database.audit.purge(before: .distantPast, limits: AuditStore.Limits(documents: 16))
        #expect(try database.audit.entries().map { $0.after != nil } == [false, true, true])
    }

    @Test("It is read after an entry, and purged before a time")
    func reading() throws {
        for minute in 0..<5 {
            try database.audit.record(
                .terminated, .instance, [("i-\(minute)", "alpha")], note: "by hand", by: alice,
                now: .start.plus(minutes: Double(minute)))
        }
        let all = try database.audit.entries()
        #expect(all.map(\.subject) == ["i-0", "i-1", "i-2", "i-3", "i-4"])
        #expect(try database.audit.entries(after: all[2].id).map(\.subject) == ["i-3", "i-4"])
        #expect(try database.audit.entries(since: .start.plus(minutes: 4)).map(\.subject) == ["i-4"])
        #expect(try database.audit.entries(workerType: "beta").isEmpty)
        #expect(try database.audit.purge(before: .start.plus(minutes: 2)) == 2)
        #expect(try database.audit.entries().first?.subject == "i-2")
    }

    @Test("A definition is replaced only if it did not change meanwhile")
    func optimisticLock() throws {
        _ = try database.workerTypes.create("alpha", .sample(), by: alice, now: .start)
        let seen = try #require(try database.workerTypes.get("alpha"))
        // In the same millisecond the time of the last change still grows.
        _ = try database.workerTypes.update("alpha", .sample(maxCapacity: 5), by: alice, now: .start)
        guard
            case .changedMeanwhile = try database.workerTypes.replace(
                seen, with: .sample(maxCapacity: 7), by: alice, now: .start)
        else {
            Issue.record("it was replaced")
            return
        }
        let newer = try #require(try database.workerTypes.get("alpha"))
        #expect(newer.definition.maxCapacity == 5)
        guard
            case .replaced(let type) = try database.workerTypes.replace(
                newer, with: .sample(maxCapacity: 7), by: alice, now: .start)
        else {
            Issue.record("it was not replaced")
            return
        }
        #expect(type.definition.maxCapacity == 7)
        try database.workerTypes.remove("alpha", by: alice, now: .start)
        guard case .gone = try database.workerTypes.replace(type, with: .sample(), by: alice, now: .start)
        else {
            Issue.record("it is there")
            return
        }
    }

    @Test("Several definitions are stored together, or none")
    func together() throws {
        struct Refusal: Error {}
        #expect(throws: Refusal.self) {
            try database.workerTypes.apply(
                [("alpha", { _ in .sample() }), ("beta", { _ in throw Refusal() })], by: alice, now: .start)
        }
        #expect(try database.workerTypes.names().isEmpty)
        #expect(try database.audit.entries().isEmpty)
    }
}

@Suite("A copy of the database")
struct BackupTests {
    @Test("It is complete while others write, readable by its owner alone, and opens with the same key")
    func copy() async throws {
        let folder = try TemporaryFolder()
        let key = try EncryptionKey()
        let path = folder.file("p.sqlite")
        let database = try ProvisionerDatabase(path: path, key: key, create: true)
        _ = try database.workerTypes.create(
            "alpha", .sample(secrets: ["t": "planted"]), by: .program, now: .start)
        let writer = Task.detached {
            let other = try ProvisionerDatabase(path: path, key: key)
            for round in 0..<100_000 {
                if Task.isCancelled { return round }
                // Two tables in one transaction: a copy has both or neither.
                _ = try other.workerTypes.update(
                    "alpha", .sample(maxCapacity: round + 1), by: .program, now: .start)
            }
            return 0
        }
        for number in 0..<5 {
            let copy = folder.file("copy-\(number).sqlite")
            #expect(try database.backUp(to: copy) > 0)
            let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
            let restored = try ProvisionerDatabase(path: copy, key: key)
            let type = try #require(try restored.workerTypes.get("alpha"))
            let last = try #require(try restored.audit.entries().last?.after?.objectValue)
            #expect(last["maxCapacity"]?.integerValue == type.definition.maxCapacity)
            let journal = try await DatabaseQueue(path: copy).read { db in
                try String.fetchOne(db, sql: "PRAGMA journal_mode")
            }
            #expect(journal == "wal", "readers continue during a write, in the copy as well")
        }
        writer.cancel()
        _ = try await writer.value
        #expect(throws: StorageError.self) { try database.backUp(to: folder.file("copy-0.sqlite")) }
        #expect(throws: StorageError.self) { try database.backUp(to: "/nowhere/copy.sqlite") }
    }

    @Test("It contains no deleted rows")
    func deleted() throws {
        let folder = try TemporaryFolder()
        let database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
        var definition = WorkerTypeDefinition.sample()
        definition.description = "planted-description " + String(repeating: "x", count: 5000)
        _ = try database.workerTypes.create("alpha", definition, by: .program, now: .start)
        try database.workerTypes.remove("alpha", by: .program, now: .start)
        try database.audit.purge(before: .start.plus(minutes: 1))
        try database.backUp(to: folder.file("copy.sqlite"))
        let copy = try Data(contentsOf: URL(filePath: folder.file("copy.sqlite")))
        #expect(copy.range(of: Data("planted-description".utf8)) == nil)
        let before = try database.size()
        try database.vacuum()
        #expect(try database.size() < before)
    }
}
