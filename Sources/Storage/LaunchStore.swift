import Algorithms
package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// Launches. Each has a row before EC2 is called.
package struct LaunchStore: Sendable {
    let database: ProvisionerDatabase

    /// Stores a launch, its request and the worker's secret in one transaction.
    package func store(
        _ launch: Launch, request: LaunchRequest, securityToken: String, secret: SecretContent
    ) throws {
        try database.write { db in
            let sealed = try database.seal(request, table: "launches", row: launch.id)
            try db.execute(
                sql: """
                    INSERT INTO launches (
                        id, worker_type, definition_modified, definition, iteration, region, availability_zone, instance_type,
                        capacity, market, platform, mode, spot_price, effective_price, bid_price, created_at,
                        secret_expires, state, request
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    launch.id, launch.workerType, launch.definitionModified.milliseconds, launch.definition,
                    launch.iteration,
                    launch.pool.region, launch.pool.availabilityZone, launch.pool.instanceType,
                    launch.capacity,
                    launch.market.rawValue, launch.platform.rawValue, launch.mode.rawValue,
                    launch.spotPrice.nanodollars,
                    launch.effectivePrice.nanodollars, launch.bidPrice.nanodollars,
                    launch.createdAt.milliseconds,
                    launch.secretExpires.milliseconds, launch.state.rawValue, sealed,
                ])
            try SecretStore(database: database).insert(
                token: securityToken, workerType: launch.workerType, launchId: launch.id, content: secret,
                expires: launch.secretExpires, db)
        }
    }

    /// Updates launches. A check-in that a worker made meanwhile stays. The request is deleted after EC2 responded, and
    /// the secret of a failed launch with it. The secret expires with its launch.
    package func update(_ launches: [Launch]) throws {
        for part in launches.chunks(ofCount: 500) { try update(part) }
    }

    private func update(_ launches: ArraySlice<Launch>) throws {
        try database.write { db in
            let statement = try db.makeStatement(
                sql: """
                    UPDATE launches SET state = ?, instance_id = ?, spot_request_id = ?, seen_at = ?,
                        missing_since = ?, ended_at = ?, error_code = ?, error_message = ?, started_at = ?,
                        stopped_since = ?, secret_expires = ?, submitted_at = COALESCE(?, submitted_at),
                        request = CASE WHEN ? THEN request ELSE NULL END
                    WHERE id = ?
                    """)
            for launch in launches {
                try statement.execute(arguments: [
                    launch.state.rawValue, launch.instanceId, launch.spotRequestId,
                    launch.seenAt?.milliseconds,
                    launch.missingSince?.milliseconds, launch.endedAt?.milliseconds, launch.errorCode,
                    launch.errorMessage, launch.startedAt?.milliseconds, launch.stoppedSince?.milliseconds,
                    launch.secretExpires.milliseconds, launch.submittedAt?.milliseconds,
                    launch.state == .stored, launch.id,
                ])
                do {
                    try SecretStore(database: database).extend(
                        launch: launch.id, until: launch.secretExpires, db)
                } catch {
                    database.noteUnreadable("secret of launch \(launch.id)", error)
                }
                if launch.state == .failed {
                    try db.execute(sql: "DELETE FROM secrets WHERE launch_id = ?", arguments: [launch.id])
                }
            }
        }
    }

    /// The launches that are in no final state.
    package func open() throws -> [Launch] {
        try fetch("WHERE state IN ('stored', 'submitted', 'visible')")
    }

    /// The latest launches of one worker type, newest first.
    package func latest(_ count: Int, of workerType: String) throws -> [Launch] {
        try fetch("WHERE worker_type = ? ORDER BY created_at DESC, id LIMIT ?", [workerType, count])
    }

    /// Those of these ids, in whatever state.
    package func get(_ ids: some Sequence<String>) throws -> [Launch] {
        let list = try JSONCoding.encode(Array(ids))
        return try fetch("WHERE id IN (SELECT value FROM json_each(?))", [list])
    }

    /// The newest launch of one worker type, and the latest launches that show whether its image boots: with a check-in,
    /// with an expired secret, or ended. Newest first.
    package func bootRecord(of workerType: String, now: Date) throws -> [Launch] {
        try fetch(
            """
            WHERE id IN (SELECT id FROM launches WHERE worker_type = ?1 ORDER BY created_at DESC LIMIT 1)
               OR id IN (
                    SELECT id FROM launches
                    WHERE worker_type = ?1
                        AND (checked_in_at IS NOT NULL OR secret_expires <= ?2 OR state = 'ended')
                    ORDER BY created_at DESC LIMIT 300)
            ORDER BY created_at DESC, id
            """, [workerType, now.milliseconds])
    }

    /// When a worker last checked in; nil before the first check-in.
    package func lastCheckIn() throws -> Date? {
        try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT max(checked_in_at) FROM launches").map(
                Date.init(milliseconds:))
        }
    }

    /// The request of a launch; nil after EC2 responded.
    package func request(of launch: Launch) throws -> LaunchRequest? {
        let sealed = try database.read { db in
            try Data.fetchOne(db, sql: "SELECT request FROM launches WHERE id = ?", arguments: [launch.id])
        }
        return try sealed.map {
            try LaunchRequest(
                stored: try database.openDocument($0, table: "launches", row: launch.id), of: launch)
        }
    }

    /// Removes final launches that ended before a time. No count includes them.
    ///
    /// - Returns: the number of deleted launches.
    @discardableResult
    package func purge(endedBefore limit: Date) throws -> Int {
        let old = """
            SELECT id FROM launches WHERE ended_at < ?1 AND state IN ('failed', 'lost', 'ended')
            ORDER BY ended_at, id LIMIT 200
            """
        return try database.deleteInParts { db in
            try db.execute(
                sql: "DELETE FROM secrets WHERE launch_id IN (\(old))", arguments: [limit.milliseconds])
            try db.execute(
                sql: "DELETE FROM launches WHERE id IN (\(old))", arguments: [limit.milliseconds])
            return db.changesCount
        }
    }

    private func fetch(_ condition: String, _ arguments: StatementArguments = []) throws -> [Launch] {
        try database.read { db in
            database.readEach(
                try Row.fetchAll(
                    db, sql: "SELECT \(Launch.columns) FROM launches " + condition, arguments: arguments),
                name: { "launch \($0["id"] as String)" }, Launch.init)
        }
    }
}
