package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The requested terminations, and the instances that ended.
package struct TerminationStore: Sendable {
    let database: ProvisionerDatabase

    /// The terminations not yet observed to take effect, by instance id.
    package func pending() throws -> [TerminationRecord] {
        try database.read { db in
            database.readEach(
                try Row.fetchAll(
                    db, sql: "SELECT * FROM terminations WHERE gone_at IS NULL ORDER BY instance_id"),
                name: { "termination of \($0["instance_id"] as String)" }, Self.record)
        }
    }

    /// Records new requests and ended instances in one transaction. A repeated request keeps the time of the first one.
    package func record(asked: [TerminationPlan.Termination], gone: Set<String>, now: Date) throws {
        guard !asked.isEmpty || !gone.isEmpty else { return }
        try database.write { db in
            let ask = try db.makeStatement(
                sql: """
                    INSERT INTO terminations (
                        instance_id, region, worker_type, launch_id, reason, asked_at, last_asked_at, attempts
                    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)
                    ON CONFLICT (instance_id) DO UPDATE SET
                        reason = ?5, last_asked_at = ?6, attempts = attempts + 1, gone_at = NULL
                    """)
            for item in asked {
                try ask.execute(arguments: [
                    item.instance.id, item.instance.pool.region, item.workerType, item.launchId,
                    item.reason.rawValue, now.milliseconds,
                ])
            }
            let end = try db.makeStatement(
                sql: "UPDATE terminations SET gone_at = ? WHERE instance_id = ? AND gone_at IS NULL")
            for id in gone.sorted() { try end.execute(arguments: [now.milliseconds, id]) }
        }
    }

    /// Removes terminations that were last requested before a time.
    package func purge(before limit: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM terminations WHERE last_asked_at < ?", arguments: [limit.milliseconds])
        }
    }

    private static func record(_ row: Row) throws -> TerminationRecord {
        let id: String = row["instance_id"]
        guard let reason = TerminationPlan.Reason(rawValue: row["reason"]) else {
            throw StorageError.corrupt(what: "termination \(id)", reason: "unknown reason")
        }
        return TerminationRecord(
            instanceId: id, region: row["region"], workerType: row["worker_type"],
            launchId: row["launch_id"], reason: reason, askedAt: Date(milliseconds: row["asked_at"]),
            lastAskedAt: Date(milliseconds: row["last_asked_at"]), attempts: row["attempts"])
    }
}
