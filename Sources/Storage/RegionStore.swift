import Algorithms
package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The last known state of each region, and the failed calls of the last iteration.
package struct RegionStore: Sendable {
    let database: ProvisionerDatabase

    package func save(_ states: [RegionState]) throws {
        for state in states {
            // Encoded outside of the transaction, which other writers wait for.
            let json = try JSONCoding.encode(state)
            try database.write { db in
                try db.execute(
                    sql: "INSERT OR REPLACE INTO region_states (region, fetched_at, json) VALUES (?, ?, ?)",
                    arguments: [state.region, state.fetchedAt.milliseconds, json])
            }
        }
    }

    /// The last known states, by region.
    package func all() throws -> [String: RegionState] {
        try database.read { db in
            database.readEach(
                try Row.fetchAll(db, sql: "SELECT region, json FROM region_states"),
                name: { "state of the region \($0["region"] as String)" }
            ) { row in
                let text: String = row["json"]
                return try JSONCoding.decode(RegionState.self, from: text.utf8, what: "region state")
            }.keyed(by: \.region)
        }
    }

    /// Replaces all failures.
    package func setFailures(_ failures: [CallSubject: ServiceFailure], now: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM failures")
            for (subject, failure) in failures {
                try db.execute(
                    sql: "INSERT INTO failures (kind, name, code, message, at) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        subject.kind.rawValue, subject.name, failure.code, failure.message,
                        now.milliseconds,
                    ])
            }
        }
    }

    package func failures() throws -> [CallFailure] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM failures ORDER BY kind, name").compactMap { row in
                // Skip kinds of a newer program.
                guard let kind = CallSubject.Kind(rawValue: row["kind"]) else { return nil }
                return CallFailure(
                    subject: CallSubject(kind, row["name"]), code: row["code"], message: row["message"],
                    at: Date(milliseconds: row["at"]))
            }
        }
    }
}
