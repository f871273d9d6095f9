package import Domain
package import FoundationEssentials
import GRDB

/// The pauses of operators. An iteration deletes the ended ones.
package struct PauseStore: Sendable {
    let database: ProvisionerDatabase

    /// All pauses that are not deleted, by kind and name. Pauses that have ended are included.
    package func all() throws -> [Pause] {
        try database.read { db in
            database.readEach(
                try Row.fetchAll(db, sql: "SELECT * FROM pauses ORDER BY kind DESC, name"),
                name: { "pause of the \($0["kind"] as String) \($0["name"] as String)" }, Self.pause)
        }
    }

    /// The pauses in force at a time, by kind and name.
    package func active(at now: Date) throws -> [Pause] { try all().filter { $0.isActive(at: now) } }

    /// Stores a pause, and replaces the pause of the same subject.
    package func record(_ pause: Pause, by author: Author) throws {
        let subject = pause.subject
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO pauses (kind, name, since, until, author, reason)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    subject.kind.rawValue, subject.name, pause.since.milliseconds, pause.until?.milliseconds,
                    pause.author, pause.reason,
                ])
            try audit(
                .paused, subject, note: Pause.end(pause.until) + (pause.reason.map { ": \($0)" } ?? ""),
                by: author, now: pause.since, db)
        }
    }

    /// Ends the pause of a subject.
    ///
    /// - Returns: the pause; nil where the subject is not paused.
    package func end(_ subject: PauseSubject, by author: Author, now: Date) throws -> Pause? {
        try database.write { db in
            let key: StatementArguments = [subject.kind.rawValue, subject.name]
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM pauses WHERE kind = ? AND name = ?", arguments: key)
            guard let pause = try row.map(Self.pause), pause.isActive(at: now) else { return nil }
            try db.execute(sql: "DELETE FROM pauses WHERE kind = ? AND name = ?", arguments: key)
            try audit(.resumed, subject, note: nil, by: author, now: now, db)
            return pause
        }
    }

    /// Deletes the pauses that ended before a time.
    package func purge(endedBefore limit: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM pauses WHERE until < ?", arguments: [limit.milliseconds])
        }
    }

    private func audit(
        _ action: AuditEntry.Action, _ subject: PauseSubject, note: String?, by author: Author, now: Date,
        _ db: Database
    ) throws {
        let kind: AuditEntry.Kind =
            switch subject.kind {
            case .workerType: .workerType
            case .region: .region
            case .instanceType: .instanceType
            }
        try database.audit.add(
            action, kind, subject.name, workerType: subject.kind == .workerType ? subject.name : nil,
            note: note,
            by: author, now: now, db)
    }

    private static func pause(_ row: Row) throws -> Pause {
        guard let kind = PauseSubject.Kind(rawValue: row["kind"]) else {
            throw StorageError.corrupt(what: "pause", reason: "unknown kind")
        }
        return Pause(
            PauseSubject(kind, row["name"]), since: Date(milliseconds: row["since"]),
            until: (row["until"] as Int64?).map(Date.init(milliseconds:)), author: row["author"],
            reason: row["reason"])
    }
}
