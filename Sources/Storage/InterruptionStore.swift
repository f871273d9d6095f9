package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// Spot instances that EC2 took back, and how often that happens in a pool.
package struct InterruptionStore: Sendable {
    let database: ProvisionerDatabase

    /// Records interruptions. An instance counts once.
    package func record(_ interruptions: [Interruption]) throws {
        guard !interruptions.isEmpty else { return }
        try database.write { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT OR IGNORE INTO interruptions (
                        instance_id, launch_id, worker_type, region, availability_zone, instance_type, reason, at
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for item in interruptions {
                try statement.execute(arguments: [
                    item.instanceId, item.launchId, item.workerType, item.pool.region,
                    item.pool.availabilityZone, item.pool.instanceType, item.reason, item.at.milliseconds,
                ])
            }
        }
    }

    /// The latest interruptions, newest first.
    package func latest(_ count: Int) throws -> [Interruption] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM interruptions ORDER BY at DESC, instance_id LIMIT ?",
                arguments: [count]
            ).map { row in
                Interruption(
                    instanceId: row["instance_id"], launchId: row["launch_id"],
                    workerType: row["worker_type"], pool: Pool(row), reason: row["reason"],
                    at: Date(milliseconds: row["at"]))
            }
        }
    }

    /// Interruptions since a time in every pool that had spot instances since, and the hours that those existed:
    /// from when EC2 started them, until they were seen terminated or until now.
    package func rates(since: Date, now: Date) throws -> [Pool: InterruptionRate] {
        try database.read { db in
            var rates: [Pool: InterruptionRate] = [:]
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT region, availability_zone, instance_type, SUM(count) AS count,
                        SUM(billed) AS billed, SUM(time) AS time
                    FROM (
                        SELECT region, availability_zone, instance_type, 0 AS count, 0 AS billed,
                            MIN(COALESCE(ended_at, ?2), ?2) - MAX(started_at, ?1) AS time
                        FROM launches
                        WHERE market = 'spot' AND started_at < ?2 AND COALESCE(ended_at, ?2) > ?1
                            AND MIN(COALESCE(ended_at, ?2), ?2) > MAX(started_at, ?1)
                        UNION ALL
                        SELECT i.region, i.availability_zone, i.instance_type, 1,
                            COALESCE(i.at - l.started_at >= ?3, 1), 0
                        FROM interruptions i LEFT JOIN launches l ON l.id = i.launch_id
                        WHERE i.at >= ?1 AND i.at <= ?2
                    )
                    GROUP BY region, availability_zone, instance_type
                    """,
                arguments: [
                    since.milliseconds, now.milliseconds,
                    Int64(InstanceBilling.freeInterruptionAge * 1000),
                ])
            for row in rows {
                let time: Int64 = row["time"]
                rates[Pool(row)] = InterruptionRate(
                    interruptions: row["count"], billedInterruptions: row["billed"],
                    instanceHours: Double(time) / 3_600_000)
            }
            return rates
        }
    }

    /// Forgets those that were seen before a time.
    package func purge(before limit: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM interruptions WHERE at < ?", arguments: [limit.milliseconds])
        }
    }
}

extension Pool {
    fileprivate init(_ row: Row) {
        self.init(
            region: row["region"], availabilityZone: row["availability_zone"],
            instanceType: row["instance_type"])
    }
}
