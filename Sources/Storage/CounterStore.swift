import GRDB

/// Numbers that only ever grow, since the database was made. Most are counted by triggers (`Schema+History`).
package struct CounterStore: Sendable {
    let database: ProvisionerDatabase

    package enum Name: String, CaseIterable, Sendable {
        /// Iterations that ended, by outcome; no dry runs.
        case iterations
        /// Launches that were asked of EC2, by worker type and market.
        case launches
        /// Launches that EC2 refused or never showed, by worker type and code.
        case launchFailures = "launch_failures"
        /// Instances that EC2 took back, by worker type.
        case interruptions
        /// Instances that were terminated here, by worker type and reason.
        case terminations
        /// Spot requests that were cancelled here, by worker type and reason.
        case cancellations
    }

    package struct Counter: Hashable, Sendable {
        package let name: Name
        /// Empty where there is none.
        package let workerType: String
        /// What the name's description says it is counted by, beside the worker type.
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
                    // One of a newer program is not ours to explain.
                    guard let name = Name(rawValue: row["name"]) else { return nil }
                    return Counter(
                        name: name, workerType: row["worker_type"], detail: row["detail"], value: row["value"]
                    )
                }
        }
    }
}
