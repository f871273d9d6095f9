import Algorithms
package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The last known state of each region, and the failed calls of the last iteration.
package struct RegionStore: Sendable {
    let database: ProvisionerDatabase

    /// Stores states. A state that equals the stored one but for its time is not written again.
    ///
    /// - Parameter stored: the stored states by region, where the caller has read them.
    package func save(_ states: [RegionState], over stored: [String: RegionState] = [:]) throws {
        for state in states {
            if let earlier = stored[state.region], earlier.hasSameContent(as: state) {
                try database.write { db in
                    try db.execute(
                        sql: "UPDATE region_states SET fetched_at = ? WHERE region = ?",
                        arguments: [state.fetchedAt.milliseconds, state.region])
                }
                continue
            }
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
                try Row.fetchAll(db, sql: "SELECT region, fetched_at, json FROM region_states"),
                name: { "state of the region \($0["region"] as String)" }
            ) { row in
                let text: String = row["json"]
                var state = try JSONCoding.decode(
                    RegionState.self, from: text.utf8, what: "region state")
                // The document contains the time at which its content changed.
                state.fetchedAt = Date(milliseconds: row["fetched_at"])
                return state
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
