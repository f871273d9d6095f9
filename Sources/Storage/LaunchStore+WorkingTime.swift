package import Domain
package import FoundationEssentials
import GRDB

extension LaunchStore {
    /// The working times of the instances of a worker type that ended since a time, by instance type. Instances that EC2 does
    /// not bill are left out.
    package func workingTimes(of workerType: String, since: Date) throws -> [String: WorkingTime] {
        try database.readOnce { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT instance_type, COUNT(*) AS instances,
                        SUM(MAX(ended_at - started_at, ?3)) AS paid,
                        SUM(MAX(ended_at - MAX(COALESCE(checked_in_at, ended_at), started_at), 0)) AS working
                    FROM launches
                    WHERE worker_type = ?1 AND state = 'ended' AND ended_at >= ?2 AND ended_at > started_at
                        AND NOT (ended_at - started_at < ?4 AND EXISTS (
                            SELECT 1 FROM interruptions
                            WHERE interruptions.instance_id = launches.instance_id))
                    GROUP BY instance_type
                    """,
                arguments: [
                    workerType, since.milliseconds, Int64(InstanceBilling.minimum * 1000),
                    Int64(InstanceBilling.freeInterruptionAge * 1000),
                ])
            return rows.reduce(into: [:]) { times, row in
                let (paid, working): (Int64, Int64) = (row["paid"], row["working"])
                times[row["instance_type"]] = WorkingTime(
                    instances: row["instances"], paidHours: Double(paid) / 3_600_000,
                    workingHours: Double(working) / 3_600_000)
            }
        }
    }
}
