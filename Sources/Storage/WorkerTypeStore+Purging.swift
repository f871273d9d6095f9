import Domain
import Formats
package import FoundationEssentials
import GRDB

extension WorkerTypeStore {
    /// Deletes the names of worker types that were removed before a time, and the oldest names above a number, with their
    /// counters and explanations.
    package func purge(removedBefore limit: Date, keeping count: Int = mostRemovedNames) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM known_worker_types WHERE removed_at IS NOT NULL
                        AND name NOT IN (SELECT name FROM worker_types)
                        AND (removed_at < ?1 OR name NOT IN (
                            SELECT name FROM known_worker_types WHERE removed_at IS NOT NULL
                            ORDER BY removed_at DESC, name LIMIT ?2))
                    """, arguments: [limit.milliseconds, count])
            guard db.changesCount > 0 else { return }
            try db.execute(
                sql: """
                    DELETE FROM counters
                    WHERE worker_type <> '' AND worker_type NOT IN (SELECT name FROM known_worker_types);
                    DELETE FROM explanations WHERE worker_type NOT IN (SELECT name FROM known_worker_types)
                    """)
        }
    }
}
