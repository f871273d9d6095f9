import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("A database of an earlier version")
struct OlderDatabaseTests {
    /// The tables that a migration fills.
    private static let own: Set = ["grdb_migrations", "sqlite_sequence"]

    /// Columns that a later migration replaced, as expressions of the new columns.
    private static let replaced = ["failures": ["subject": "kind || ' ' || name"]]

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func create(_ older: OlderDatabase) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: folder.file(older.name + ".sqlite"))
        let statements = try older.statements
        try queue.writeWithoutTransaction { db in try db.execute(sql: statements) }
        return queue
    }

    /// The rows of each table with the given columns, as texts.
    private func rows(
        _ queue: DatabaseQueue, columns: [String: [String]]? = nil
    ) throws -> (columns: [String: [String]], rows: [String: [String]]) {
        try queue.read { db in
            let names = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            var (found, all): ([String: [String]], [String: [String]]) = ([:], [:])
            for table in names where !Self.own.contains(table) {
                let own = try db.columns(in: table).map(\.name)
                let wanted = columns.map { $0[table] ?? [] } ?? own
                found[table] = own
                if wanted.isEmpty { continue }
                let list = wanted.map { (column: String) -> String in
                    let new = own.contains(column) ? nil : Self.replaced[table]?[column]
                    return "quote(\(new ?? "\"\(column)\""))"
                }.joined(separator: " || ', ' || ")
                all[table] = try String.fetchAll(db, sql: "SELECT \(list) FROM \"\(table)\"").sorted()
            }
            return (found, all)
        }
    }

    @Test(
        "It is migrated to the schema of a new database, and keeps every row of every table",
        arguments: OlderDatabase.all)
    func migration(older: OlderDatabase) throws {
        let queue = try create(older)
        let before = try rows(queue)
        for (table, rows) in before.rows { #expect(!rows.isEmpty, "\(table) has no row to keep") }

        let key = try EncryptionKey(base64: older.key)
        _ = try ProvisionerDatabase(path: queue.path, key: key)
        // A new connection: GRDB keeps the schema that a connection has read.
        let after = try rows(DatabaseQueue(path: queue.path), columns: before.columns)
        for (table, rows) in before.rows { #expect(after.rows[table] == rows, "\(table)") }

        let new = try ProvisionerDatabase(path: folder.file("new.sqlite"), key: key, create: true)
        #expect(try rows(DatabaseQueue(path: new.path)).columns == after.columns)
    }

    @Test("Its sealed values open", arguments: OlderDatabase.all)
    func sealed(older: OlderDatabase) throws {
        let queue = try create(older)
        let database = try ProvisionerDatabase(path: queue.path, key: try EncryptionKey(base64: older.key))
        let now = Date(timeIntervalSince1970: Double(older.time))
        #expect(try database.clients.get("ci")?.accessToken == "token-of-ci")
        #expect(try database.workerTypes.get("with-secrets")?.definition.secrets == ["password": "planted"])
        #expect(try database.secrets.take(token: "token-kept", now: now)?.content.secrets == ["a": 1])
        #expect(try database.secrets.take(token: "token-fetched", now: now) == nil)
        let stored = try database.launches.open().filter { $0.state == .stored }
        for launch in stored { #expect(try database.launches.request(of: launch) != nil) }
    }
}
