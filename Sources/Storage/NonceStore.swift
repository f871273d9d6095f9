public import FoundationEssentials
import GRDB

/// Nonces of signed requests, remembered for as long as their signatures could be used again.
public struct NonceStore: Sendable {
    let database: ProvisionerDatabase

    /// Remembers a nonce, and forgets those that are too old to matter.
    ///
    /// - Parameters:
    ///   - timestamp: the signed time, seconds since 1970.
    ///   - window: seconds that a signed time may be off.
    /// - Returns: whether it is seen for the first time.
    public func isFirstUse(
        clientId: String, timestamp: Int, nonce: String, window: Int, now: Date
    ) throws -> Bool {
        try database.write { db in
            let oldest = Int64(now.timeIntervalSince1970) - Int64(window) - 60
            try db.execute(sql: "DELETE FROM nonces WHERE timestamp < ?", arguments: [oldest])
            try db.execute(
                sql:
                    "INSERT INTO nonces (timestamp, client_id, nonce) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [timestamp, clientId, nonce])
            return db.changesCount > 0
        }
    }
}
