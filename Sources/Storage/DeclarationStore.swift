package import Domain
package import FoundationEssentials
import GRDB

/// The declarations to the Queue, and when the next one of each subject is due.
package struct DeclarationStore: Sendable {
    let database: ProvisionerDatabase

    package enum Subject: Hashable, Sendable {
        /// The pause of all declarations after a failure that concerns all of them.
        case pause
        case declaration(QueueDeclaration.Subject)
    }

    package struct Record: Hashable, Sendable {
        package let subject: Subject
        /// Identifies the content that was declared.
        package let digest: String
        /// Nil when the Queue refused the declaration.
        package let declaredAt: Date?
        package let dueAt: Date

        package init(_ subject: Subject, digest: String, declaredAt: Date?, dueAt: Date) {
            self.subject = subject
            self.digest = digest
            self.declaredAt = declaredAt
            self.dueAt = dueAt
        }
    }

    package func all() throws -> [Subject: Record] {
        try database.read { db in
            var records: [Subject: Record] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT * FROM queue_declarations") {
                guard let subject = Self.subject(kind: row["kind"], name: row["name"]) else { continue }
                let declaredAt: Int64? = row["declared_at"]
                records[subject] = Record(
                    subject, digest: row["digest"], declaredAt: declaredAt.map(Date.init(milliseconds:)),
                    dueAt: Date(milliseconds: row["due_at"]))
            }
            return records
        }
    }

    /// Stores records in place of earlier ones of the same subjects.
    package func record(_ records: [Record]) throws {
        if records.isEmpty { return }
        try database.write { db in
            for record in records {
                let (kind, name) = Self.columns(record.subject)
                try db.execute(
                    sql: """
                        INSERT OR REPLACE INTO queue_declarations (kind, name, digest, declared_at, due_at)
                        VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        kind, name, record.digest, record.declaredAt?.milliseconds, record.dueAt.milliseconds,
                    ])
            }
        }
    }

    /// Deletes the records that were due before a time: their worker types are removed.
    package func purge(dueBefore limit: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM queue_declarations WHERE due_at < ?", arguments: [limit.milliseconds])
        }
    }

    private static func columns(_ subject: Subject) -> (kind: String, name: String) {
        switch subject {
        case .pause: ("pause", "")
        case .declaration(.provisioner): ("provisioner", "")
        case .declaration(.workerType(let name)): ("worker type", name)
        }
    }

    private static func subject(kind: String, name: String) -> Subject? {
        switch kind {
        case "pause": .pause
        case "provisioner": .declaration(.provisioner)
        case "worker type": .declaration(.workerType(name))
        default: nil
        }
    }
}

extension ProvisionerDatabase {
    package var declarations: DeclarationStore { DeclarationStore(database: self) }
}
