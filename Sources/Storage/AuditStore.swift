import Cryptography
package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The audit log: changes with their authors. Entries never change; `purge` deletes them.
package struct AuditStore: Sendable {
    let database: ProvisionerDatabase

    /// The limits of the audit log, independent of its retention.
    package struct Limits: Sendable {
        /// The number of entries. The oldest are removed.
        package var entries: Int
        /// The size of all documents in bytes. The oldest documents are removed.
        package var documents: Int

        package init(entries: Int = 1_000_000, documents: Int = 256 << 20) {
            self.entries = entries
            self.documents = documents
        }
    }

    /// Records changes of objects outside of the database.
    package func record(
        _ action: AuditEntry.Action, _ kind: AuditEntry.Kind, _ subjects: [(id: String, workerType: String)],
        note: String?, by author: Author, now: Date
    ) throws {
        try database.write { db in
            for subject in subjects {
                try add(
                    action, kind, subject.id, workerType: subject.workerType, note: note, by: author,
                    now: now,
                    db)
            }
        }
    }

    /// The latest entries, oldest first.
    ///
    /// - Parameters:
    ///   - id: the id before the first entry.
    ///   - since: the earliest time.
    ///   - workerType: the worker type of the entries; nil for all entries.
    package func entries(
        after id: Int64 = 0, since: Date = .distantPast, workerType: String? = nil, limit: Int = 10_000
    ) throws -> [AuditEntry] {
        try database.read { db in
            let newestFirst = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM audit
                    WHERE id > ?1 AND at >= ?2 AND (?3 IS NULL OR worker_type = ?3)
                    ORDER BY id DESC LIMIT ?4
                    """,
                arguments: [id, max(since, Date(milliseconds: 0)).milliseconds, workerType, limit]
            )
            return database.readEach(
                newestFirst.reversed(), name: { "change \($0["id"] as Int64)" }, Self.entry)
        }
    }

    /// Removes the entries before a time, and the oldest entries and documents above the limits.
    ///
    /// - Returns: the number of removed entries.
    @discardableResult
    package func purge(before limit: Date, limits: Limits = Limits()) throws -> Int {
        try database.write { db in
            try db.execute(sql: "DELETE FROM audit WHERE at < ?", arguments: [limit.milliseconds])
            return db.changesCount + (try Self.enforce(limits, db))
        }
    }

    /// How often `add` enforces the limits: entries. A client that changes definitions all the time must not fill the
    /// disk before the next iteration.
    private static let stride: Int64 = 64

    /// Removes the oldest entries and documents above the limits.
    ///
    /// - Returns: the number of removed entries.
    private static func enforce(_ limits: Limits, _ db: Database) throws -> Int {
        try db.execute(
            sql: "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", arguments: [limits.entries])
        let removed = db.changesCount
        let newestFirst = try Row.fetchCursor(
            db, sql: "SELECT id, size FROM audit WHERE size > 0 ORDER BY id DESC")
        var total = 0
        var last: Int64?
        while total <= limits.documents, let row = try newestFirst.next() {
            total += row["size"] as Int
            last = row["id"]
        }
        if total > limits.documents, let last {
            try db.execute(
                sql: "UPDATE audit SET before = NULL, after = NULL, size = 0 WHERE size > 0 AND id <= ?",
                arguments: [last])
        }
        return removed
    }

    /// Adds an entry in the transaction that makes the change.
    func add(
        _ action: AuditEntry.Action, _ kind: AuditEntry.Kind, _ subject: String, workerType: String? = nil,
        before: JSONValue? = nil, after: JSONValue? = nil, note: String? = nil, by author: Author, now: Date,
        _ db: Database
    ) throws {
        let documents = try [before, after].map { try $0.map { try JSONCoding.encode($0) } }
        try db.execute(
            sql: """
                INSERT INTO audit (
                    at, author, means, action, kind, subject, worker_type, before, after, note, size
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                now.milliseconds, author.name, author.means, action.rawValue, kind.rawValue, subject,
                workerType, documents[0], documents[1], note,
                documents.reduce(0) { $0 + ($1?.utf8.count ?? 0) },
            ])
        if db.lastInsertedRowID % Self.stride == 0 { _ = try Self.enforce(Limits(), db) }
    }

    /// The definition with a keyed digest in place of each secret's value. The digest shows only whether the value
    /// changed.
    func redactedDocument(of type: WorkerType) throws -> JSONValue {
        try type.definition.mappingSecrets { _, value in
            guard database.key != nil else { return JSONDifference.hidden }
            let digest = try database.authenticationCode([.string(type.name), value] as [JSONValue])
            return .string("<secret \(Array(digest.prefix(6)).hexadecimal)>")
        }.json
    }

    private static func entry(_ row: Row) throws -> AuditEntry {
        let id: Int64 = row["id"]
        guard let action = AuditEntry.Action(rawValue: row["action"]),
            let kind = AuditEntry.Kind(rawValue: row["kind"])
        else { throw StorageError.corrupt(what: "audit \(id)", reason: "unknown action or kind") }
        func document(_ column: String) throws -> JSONValue? {
            try (row[column] as String?).map {
                try JSONCoding.parse($0.utf8, what: "audit \(id)")
            }
        }
        return AuditEntry(
            id: id, at: Date(milliseconds: row["at"]), author: Author(row["author"], by: row["means"]),
            action: action, kind: kind, subject: row["subject"], workerType: row["worker_type"],
            before: try document("before"), after: try document("after"), note: row["note"])
    }
}
