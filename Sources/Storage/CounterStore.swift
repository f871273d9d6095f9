import GRDB

/// Counts of events since the creation of the database. Triggers count most of them (`Schema+History`).
package struct CounterStore: Sendable {
    let database: ProvisionerDatabase

    package enum Name: String, CaseIterable, Sendable {
        /// Finished iterations by outcome, without dry runs.
        case iterations
        /// Launches by worker type and market.
        case launches
        /// Refused and lost launches by worker type and code.
        case launchFailures = "launch_failures"
        /// Interrupted instances by worker type.
        case interruptions
        /// Terminated instances by worker type and reason.
        case terminations
        /// Cancelled spot requests by worker type and reason.
        case cancellations
        /// Attempts to send a notification, by result: `sent`, `failed`, and `expired` for a notification that is not
        /// tried any more.
        case notifications
    }

    package struct Counter: Hashable, Sendable {
        package let name: Name
        /// Empty where there is none.
        package let workerType: String
        /// The outcome, market, code or reason; see `Name`.
        package let detail: String
        package let value: Int
    }

    /// Adds one to a counter for each of the events.
    ///
    /// - Parameter events: the worker type and the detail of each.
    package func add(_ name: Name, _ events: [(workerType: String, detail: String)]) throws {
        guard !events.isEmpty else { return }
        try database.write { db in
            for event in events {
                try db.execute(
                    sql: """
                        INSERT INTO counters VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET value = value + 1
                        """, arguments: [name.rawValue, event.workerType, event.detail])
            }
        }
    }

    /// All counters, in a fixed order.
    package func all() throws -> [Counter] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM counters ORDER BY name, worker_type, detail")
                .compactMap { row in
                    // Skip counters of a newer program.
                    guard let name = Name(rawValue: row["name"]) else { return nil }
                    return Counter(
                        name: name, workerType: row["worker_type"], detail: row["detail"], value: row["value"]
                    )
                }
        }
    }
}
