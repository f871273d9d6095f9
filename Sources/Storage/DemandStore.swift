package import Domain
import GRDB

/// The demand of the worker types in earlier iterations, of those whose decisions depend on it.
package struct DemandStore: Sendable {
    let database: ProvisionerDatabase

    /// The records by worker type, as they are before an iteration.
    package func all(before iteration: Int64) throws -> [String: DemandRecord] {
        let rows = try database.read { db in try Row.fetchAll(db, sql: "SELECT * FROM demand_records") }
        return Dictionary(
            rows.map { row in
                let record = DemandRecord(
                    share: row["share"], average: row["average"], unmet: row["unmet"],
                    unclaimed: row["unclaimed"])
                let recorded: Int64 = row["iteration"]
                return (row["worker_type"], record.after(quietIterations: iteration - recorded - 1))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Stores the records of an iteration. A worker type without demand needs no row: its averages follow from the last
    /// row and the number of iterations since.
    ///
    /// - Parameter previous: the records before the iteration.
    package func record(
        _ records: [String: DemandRecord], over previous: [String: DemandRecord], iteration: Int64
    ) throws {
        let changed = records.filter { !$0.value.isQuiet(since: previous[$0.key] ?? DemandRecord()) }
        if changed.isEmpty { return }
        try database.write { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT OR REPLACE INTO demand_records
                        (worker_type, iteration, share, average, unmet, unclaimed)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)
            for (name, record) in changed.sorted(by: { $0.key < $1.key }) {
                try statement.execute(
                    arguments: [
                        name, iteration, record.share, record.average, record.unmet, record.unclaimed,
                    ])
            }
        }
    }
}
