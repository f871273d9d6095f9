package import Domain
package import FoundationEssentials
import GRDB

/// The notices of EC2 about instances that end.
package struct NoticeStore: Sendable {
    let database: ProvisionerDatabase

    /// Stores notices. A repeated notice changes nothing.
    package func record(_ notices: [InterruptionNotice], now: Date) throws {
        try database.write { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT INTO interruption_notices (instance_id, kind, region, at, received_at)
                    VALUES (?, ?, ?, ?, ?) ON CONFLICT (instance_id, kind) DO UPDATE SET at = max(at, excluded.at)
                    """)
            for notice in notices {
                try statement.execute(arguments: [
                    notice.instanceId, notice.kind.rawValue, notice.region, notice.at.milliseconds,
                    now.milliseconds,
                ])
            }
        }
    }

    /// The notices since a time, newest first.
    package func since(_ limit: Date) throws -> [InterruptionNotice] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM interruption_notices WHERE at >= ? ORDER BY at DESC, instance_id, kind",
                arguments: [limit.milliseconds]
            ).compactMap(Self.notice)
        }
    }

    /// The notices since a time about instances of this deployment, newest first.
    package func attributed(since limit: Date) throws -> [AttributedNotice] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT n.*, l.worker_type, l.availability_zone, l.instance_type
                    FROM interruption_notices n JOIN launches l ON l.instance_id = n.instance_id
                    WHERE n.at >= ? ORDER BY n.at DESC, n.instance_id, n.kind
                    """, arguments: [limit.milliseconds]
            ).compactMap { row in
                Self.notice(row).map { notice in
                    AttributedNotice(
                        notice: notice, workerType: row["worker_type"],
                        pool: Pool(
                            region: notice.region, availabilityZone: row["availability_zone"],
                            instanceType: row["instance_type"]))
                }
            }
        }
    }

    /// Deletes the notices from before a time, and the notices received before it: the time of a notice is the sender's.
    package func purge(before limit: Date) throws {
        try database.write { db in
            for column in ["at", "received_at"] {
                try db.execute(
                    sql: "DELETE FROM interruption_notices WHERE \(column) < ?",
                    arguments: [limit.milliseconds])
            }
        }
    }

    private static func notice(_ row: Row) -> InterruptionNotice? {
        InterruptionNotice.Kind(rawValue: row["kind"]).map { kind in
            InterruptionNotice(
                instanceId: row["instance_id"], region: row["region"], kind: kind,
                at: Date(milliseconds: row["at"]))
        }
    }
}
