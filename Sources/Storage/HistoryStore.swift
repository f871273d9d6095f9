import Algorithms
package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// Prices of pools and capacities of worker types over time.
package struct HistoryStore: Sendable {
    let database: ProvisionerDatabase

    /// The thinning of rows before `Retention.history` ends. Seconds.
    private enum Thinning {
        /// Younger rows are all kept.
        static let fine: TimeInterval = 2 * 86_400
        /// Of older rows the last of each such slot is kept, for as long as the rest of the history.
        static let slot: TimeInterval = 15 * 60
        /// How far behind the fine part thinning looks: iterations may have paused for as long.
        static let thinned: TimeInterval = 86_400
        /// A row is written this often where nothing changes.
        static let heartbeat: TimeInterval = 3600
    }

    /// The name for the sum of all worker types, which is no valid name of a worker type.
    package static let all = ""

    /// Stores the capacities of the decisions and their sum, where they differ from the last stored ones.
    package func record(_ decisions: [WorkerTypeDecision]) throws {
        try database.write { db in
            let insert = try db.makeStatement(
                sql: """
                    INSERT OR REPLACE INTO capacity_history
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
                        SELECT 1 FROM (
                            SELECT * FROM capacity_history WHERE worker_type = ?1 ORDER BY at DESC LIMIT 1)
                        WHERE at > ?2 - ?7 AND pending_tasks IS ?3 AND running = ?4 AND booting = ?5
                            AND requested = ?6)
                    """)
            func store(_ name: String, _ at: Date, pendingTasks: Int?, _ tally: CapacityTally) throws {
                try insert.execute(arguments: [
                    name, at.milliseconds, pendingTasks, tally.running, tally.booting, tally.requested,
                    Self.milliseconds(Thinning.heartbeat),
                ])
            }
            for decision in decisions {
                try store(
                    decision.workerType, decision.decidedAt, pendingTasks: decision.pendingTasks,
                    decision.tally)
            }
            guard let at = decisions.map(\.decidedAt).max() else { return }
            try store(
                Self.all, at, pendingTasks: decisions.reduce(0) { $0 + ($1.pendingTasks ?? 0) },
                CapacityTally(
                    running: decisions.reduce(0) { $0 + $1.tally.running },
                    booting: decisions.reduce(0) { $0 + $1.tally.booting },
                    requested: decisions.reduce(0) { $0 + $1.tally.requested }))
        }
    }

    /// Stores the changed prices of a region.
    static func recordPrices(region: String, now: Date, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO price_history
                SELECT region, instance_type, availability_zone, platform, ?2, price FROM prices AS new
                WHERE region = ?1 AND price IS NOT (
                    SELECT price FROM price_history AS old
                    WHERE old.region = new.region AND old.instance_type = new.instance_type
                        AND old.availability_zone = new.availability_zone AND old.platform = new.platform
                    ORDER BY at DESC LIMIT 1)
                """, arguments: [region, now.milliseconds])
    }

    /// A worker type's capacities since a time and the last one before it, oldest first.
    package func capacities(of workerType: String, since: Date) throws -> [CapacityPoint] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM capacity_history WHERE worker_type = ?1 AND at >= COALESCE(
                        (SELECT max(at) FROM capacity_history WHERE worker_type = ?1 AND at <= ?2), ?2)
                    ORDER BY at
                    """, arguments: [workerType, since.milliseconds]
            ).map { row in
                CapacityPoint(
                    at: Date(milliseconds: row["at"]), pendingTasks: row["pending_tasks"],
                    tally: CapacityTally(
                        running: row["running"], booting: row["booting"], requested: row["requested"]))
            }
        }
    }

    /// The prices of a pool for a platform since a time and the last one before it, oldest first.
    package func prices(
        of pool: Pool, for platform: ImagePlatform = .linux, since: Date
    ) throws -> [PricePoint] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT at, price FROM price_history
                    WHERE region = ?1 AND instance_type = ?2 AND availability_zone = ?3 AND platform = ?5
                        AND at >= COALESCE(
                            (SELECT max(at) FROM price_history WHERE region = ?1 AND instance_type = ?2
                                AND availability_zone = ?3 AND platform = ?5 AND at <= ?4), ?4)
                    ORDER BY at
                    """,
                arguments: [
                    pool.region, pool.instanceType, pool.availabilityZone, since.milliseconds,
                    platform.rawValue,
                ]
            ).map { row in
                PricePoint(at: Date(milliseconds: row["at"]), price: Price(nanodollars: row["price"]))
            }
        }
    }

    /// Thins rows that are older than two days, and deletes rows that are older than thirty. The last price of each pool
    /// stays.
    package func purge(now: Date) throws {
        let fine = now.addingTimeInterval(-Thinning.fine).milliseconds
        let longest = now.addingTimeInterval(-Retention.history).milliseconds
        try thin(from: fine - Self.milliseconds(Thinning.thinned), to: fine)
        try database.write { db in
            try db.execute(sql: "DELETE FROM capacity_history WHERE at < ?", arguments: [longest])
            try db.execute(
                sql: """
                    DELETE FROM price_history WHERE at < ?1 AND EXISTS (
                        SELECT 1 FROM price_history AS later
                        WHERE later.region = price_history.region
                            AND later.instance_type = price_history.instance_type
                            AND later.availability_zone = price_history.availability_zone
                            AND later.platform = price_history.platform
                            AND later.at > price_history.at AND later.at <= ?1)
                    """, arguments: [longest])
        }
    }

    /// Deletes all rows of the time but the last of each slot of a worker type.
    private func thin(from begin: Int64, to end: Int64) throws {
        // The search reads a day of rows. Other programs may write meanwhile.
        let superfluous = try database.readOnce { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT worker_type, at FROM capacity_history WHERE at < ?1 AND at >= ?2 AND EXISTS (
                        SELECT 1 FROM capacity_history AS later
                        WHERE later.worker_type = capacity_history.worker_type
                            AND later.at > capacity_history.at
                            AND later.at < min(?1, (capacity_history.at / ?3 + 1) * ?3))
                    """, arguments: [end, begin, Self.milliseconds(Thinning.slot)])
        }
        for part in superfluous.chunks(ofCount: 1000) {
            try database.write { db in
                let delete = try db.makeStatement(
                    sql: "DELETE FROM capacity_history WHERE worker_type = ? AND at = ?")
                for row in part {
                    try delete.execute(arguments: [row["worker_type"] as String, row["at"] as Int64])
                }
            }
        }
    }

    private static func milliseconds(_ seconds: TimeInterval) -> Int64 { Int64(seconds * 1000) }
}
