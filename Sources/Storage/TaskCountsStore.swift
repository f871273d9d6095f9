import Domain
package import FoundationEssentials
import GRDB

/// The worker types whose claimed tasks the Queue does not report, and when it was found out.
package struct TaskCountsStore: Sendable {
    let database: ProvisionerDatabase

    /// The time for which a record is used. Seconds.
    private static let life: TimeInterval = 86_400

    /// The worker types without claimed tasks, as found out in the last day.
    package func unavailable(now: Date) throws -> Set<String> {
        try database.read { db in
            try Set(
                String.fetchAll(
                    db,
                    sql:
                        "SELECT worker_type FROM missing_task_counts WHERE checked_at > ?1 AND checked_at <= ?2",
                    arguments: [now.addingTimeInterval(-Self.life).milliseconds, now.milliseconds]))
        }
    }

    /// Records worker types without claimed tasks.
    package func record(unavailable workerTypes: Set<String>, now: Date) throws {
        if workerTypes.isEmpty { return }
        try database.write { db in
            let statement = try db.makeStatement(
                sql: "INSERT OR REPLACE INTO missing_task_counts (worker_type, checked_at) VALUES (?, ?)")
            for name in workerTypes.sorted() { try statement.execute(arguments: [name, now.milliseconds]) }
        }
    }

    /// Deletes the records that are no longer used.
    package func purge(now: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM missing_task_counts WHERE checked_at <= ?",
                arguments: [now.addingTimeInterval(-Self.life).milliseconds])
        }
    }
}
