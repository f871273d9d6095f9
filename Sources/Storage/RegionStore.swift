package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The last known state of each region, and the failures that stand now.
package struct RegionStore: Sendable {
    let database: ProvisionerDatabase

    /// A service that failed when it was last asked.
    package struct Failure: Hashable, Codable, Sendable {
        /// `region us-east-1`, `queue alpha` and so on.
        package let subject: String
        package let code: String
        package let message: String
        package let at: Date
    }

    package func save(_ states: [RegionState]) throws {
        try database.write { db in
            for state in states {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO region_states (region, fetched_at, json) VALUES (?, ?, ?)",
                    arguments: [state.region, state.fetchedAt.milliseconds, try JSONCoding.encode(state)])
            }
        }
    }

    /// What was last known, by region.
    package func all() throws -> [String: RegionState] {
        try database.read { db in
            var states: [String: RegionState] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT region, json FROM region_states") {
                let text: String = row["json"]
                states[row["region"]] = try JSONCoding.decode(
                    RegionState.self, from: text.utf8, what: "region state")
            }
            return states
        }
    }

    /// Replaces all failures by those that stand now.
    package func setFailures(_ failures: [String: ServiceFailure], now: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM failures")
            for (subject, failure) in failures {
                try db.execute(
                    sql: "INSERT INTO failures (subject, code, message, at) VALUES (?, ?, ?, ?)",
                    arguments: [subject, failure.code, failure.message, now.milliseconds])
            }
        }
    }

    package func failures() throws -> [Failure] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM failures ORDER BY subject").map { row in
                Failure(
                    subject: row["subject"], code: row["code"], message: row["message"],
                    at: Date(milliseconds: row["at"]))
            }
        }
    }
}
