package import FoundationEssentials
import GRDB

/// Nonces of signed requests, stored while their signatures are valid.
///
/// Each accepted nonce is stored, or its timestamp is not above the horizon: the highest purged timestamp. Nonces up to
/// the horizon are refused, so that neither a clock that jumps nor an older copy of the database makes a signature valid
/// a second time.
package struct NonceStore: Sendable {
    let database: ProvisionerDatabase

    /// Stores a nonce, and purges the nonces outside of the window.
    ///
    /// - Parameters:
    ///   - timestamp: the signed time, seconds since 1970.
    ///   - window: the allowed difference of a signed time from the current time, in seconds.
    /// - Returns: whether the nonce is used for the first time.
    package func isFirstUse(
        clientId: String, timestamp: Int, nonce: String, window: Int, now: Date
    ) throws -> Bool {
        try database.write { db in
            let oldest = Int64(now.timeIntervalSince1970) - Int64(window) - 60
            let purged = try Int64.fetchOne(
                db, sql: "SELECT max(timestamp) FROM nonces WHERE timestamp < ?", arguments: [oldest])
            if let purged {
                try db.execute(
                    sql: """
                        DELETE FROM nonces WHERE timestamp < ?;
                        UPDATE nonce_horizon SET timestamp = max(timestamp, ?)
                        """, arguments: [oldest, purged])
            }
            let horizon = try Int64.fetchOne(db, sql: "SELECT timestamp FROM nonce_horizon")
            guard let horizon, Int64(timestamp) > horizon else { return false }
            try db.execute(
                sql:
                    "INSERT INTO nonces (timestamp, client_id, nonce) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [timestamp, clientId, nonce])
            return db.changesCount > 0
        }
    }

    /// Raises the horizon of a copy to the current time: the copy lacks the nonces that were accepted after it was made.
    func settleCopy() throws {
        let isCopy = try database.read { db in
            try Bool.fetchOne(db, sql: "SELECT is_copy FROM nonce_horizon")
        }
        if isCopy ?? false { try raiseHorizon(to: Date()) }
    }

    /// Refuses all requests that were signed up to a time, for example after a restoration.
    package func raiseHorizon(to date: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "UPDATE nonce_horizon SET timestamp = max(timestamp, ?), is_copy = 0",
                arguments: [Int64(date.timeIntervalSince1970)])
        }
    }
}
