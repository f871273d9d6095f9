package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The holds. Ended holds are kept for some time, because the next failure extends them.
package struct HoldStore: Sendable {
    let database: ProvisionerDatabase

    package func all() throws -> [Hold] {
        try database.read { db in
            database.readEach(
                try Row.fetchAll(db, sql: "SELECT subject, json FROM back_offs ORDER BY subject"),
                name: { "hold \($0["subject"] as String)" }
            ) { row in
                let text: String = row["json"]
                return try JSONCoding.decode(Hold.self, from: text.utf8, what: "hold")
            }
        }
    }

    /// Stores a hold, and replaces the hold of the same subject.
    package func record(_ hold: Hold) throws {
        try database.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO back_offs (subject, until, json) VALUES (?, ?, ?)",
                arguments: [
                    try JSONCoding.encode(hold.subject), hold.until.milliseconds,
                    try JSONCoding.encode(hold),
                ])
        }
    }

    /// Deletes the hold of a subject.
    package func clear(_ subject: HoldSubject) throws {
        try database.write { db in
            // Earlier versions stored subjects in another form.
            for text in try String.fetchAll(db, sql: "SELECT subject FROM back_offs")
            where try JSONCoding.decode(HoldSubject.self, from: text.utf8, what: "hold") == subject {
                try db.execute(sql: "DELETE FROM back_offs WHERE subject = ?", arguments: [text])
            }
        }
    }

    /// Deletes the holds that ended before a time.
    package func purge(endedBefore limit: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM back_offs WHERE until < ?", arguments: [limit.milliseconds])
        }
    }
}
