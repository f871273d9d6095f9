package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// Back-offs, kept across iterations: also ended ones for a while, for the next failure builds on them.
package struct HoldStore: Sendable {
    let database: ProvisionerDatabase

    package func all() throws -> [Hold] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT json FROM back_offs ORDER BY subject").map { row in
                let text: String = row["json"]
                return try JSONCoding.decode(Hold.self, from: text.utf8, what: "back-off")
            }
        }
    }

    /// Stores one in place of any other of the same subject.
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

    /// Forgets one: what it held works again.
    package func clear(_ subject: HoldSubject) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM back_offs WHERE subject = ?", arguments: [try JSONCoding.encode(subject)])
        }
    }

    /// Forgets those that ended before a time.
    package func purge(endedBefore limit: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM back_offs WHERE until < ?", arguments: [limit.milliseconds])
        }
    }
}
