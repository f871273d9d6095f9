import Cryptography
public import Domain
public import FoundationEssentials
import GRDB

/// What a worker gets for its security token.
public struct SecretContent: Hashable, Codable, Sendable {
    public var secrets: JSONObject
    public var scopes: [String]

    public init(secrets: JSONObject, scopes: [String]) {
        self.secrets = secrets
        self.scopes = scopes
    }
}

/// Secrets by security token. The content is sealed and can be fetched once; the token itself is never stored.
public struct SecretStore: Sendable {
    let database: ProvisionerDatabase

    /// The most secrets of clients, fetched or not, until they expire.
    public static let most = 10_000
    /// The most instances that are recorded for using the token of another one.
    static let mostRefusedClaims = 100

    public enum Creation: Sendable, Equatable {
        case created
        /// The same content for the same worker type was stored before.
        case same
        /// Something else is stored for this token, or it belongs to a launch.
        case conflict
        /// There are `most` secrets of clients already.
        case tooMany
    }

    public enum CheckIn: Sendable, Equatable {
        case recorded
        /// The token belongs to another instance.
        case otherInstance
        /// There is no such token, or it expired.
        case unknown
    }

    /// Stores a secret that a client brought.
    public func create(
        token: String, workerType: String, content: SecretContent, expires: Date
    ) throws -> Creation {
        try database.write { db in
            let hash = try Self.hash(token)
            let existing = try Row.fetchOne(
                db, sql: "SELECT * FROM secrets WHERE token_hash = ?", arguments: [hash])
            guard let existing else {
                let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM secrets WHERE launch_id IS NULL")
                guard (count ?? 0) < Self.most else { return .tooMany }
                try insert(
                    token: token, workerType: workerType, launchId: nil, content: content, expires: expires,
                    db)
                return .created
            }
            let mac = try database.authenticationCode(content)
            let same =
                (existing["launch_id"] as String?) == nil && existing["worker_type"] == workerType
                && existing["expires"] == expires.milliseconds && existing["content_mac"] == mac
            return same ? .same : .conflict
        }
    }

    /// Hands the content out, once: of many who ask at the same time exactly one gets it. The launch counts as
    /// checked in with it.
    public func take(token: String, now: Date) throws -> (workerType: String, content: SecretContent)? {
        let hash = try Self.hash(token)
        return try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT worker_type, content, launch_id FROM secrets
                        WHERE token_hash = ? AND content IS NOT NULL AND expires > ?
                        """, arguments: [hash, now.milliseconds]),
                let sealed: Data = row["content"]
            else { return nil }
            let content = try database.open(
                sealed, as: SecretContent.self, table: "secrets", row: Array(hash).hexadecimal)
            try db.execute(
                sql: "UPDATE secrets SET content = NULL, fetched_at = ? WHERE token_hash = ?",
                arguments: [now.milliseconds, hash])
            try Self.checkIn(launch: row["launch_id"], now: now, db)
            return (row["worker_type"], content)
        }
    }

    /// Records which instance uses a token: the first one, for good.
    public func recordInstanceStarted(token: String, instanceId: String, now: Date) throws -> CheckIn {
        let hash = try Self.hash(token)
        return try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: "SELECT instance_id, launch_id FROM secrets WHERE token_hash = ? AND expires > ?",
                    arguments: [hash, now.milliseconds])
            else { return .unknown }
            if let known: String = row["instance_id"] {
                if known == instanceId { return .recorded }
                try db.execute(
                    sql: """
                        INSERT OR IGNORE INTO refused_claims (token_hash, instance_id, at) SELECT ?1, ?2, ?3
                        WHERE (SELECT count(*) FROM refused_claims WHERE token_hash = ?1) < ?4
                        """, arguments: [hash, instanceId, now.milliseconds, Self.mostRefusedClaims])
                return .otherInstance
            }
            try db.execute(
                sql: "UPDATE secrets SET instance_id = ? WHERE token_hash = ?", arguments: [instanceId, hash])
            try Self.checkIn(launch: row["launch_id"], now: now, db)
            return .recorded
        }
    }

    /// Removes a secret; one that is not there is no error.
    public func remove(token: String) throws {
        let hash = try Self.hash(token)
        try database.write { db in
            try db.execute(sql: "DELETE FROM secrets WHERE token_hash = ?", arguments: [hash])
        }
    }

    /// Drops the content of expired secrets, and the rows of those that no launch refers to.
    public func purgeExpired(now: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM secrets WHERE expires <= ? AND launch_id IS NULL",
                arguments: [now.milliseconds])
            try db.execute(
                sql: "UPDATE secrets SET content = NULL WHERE expires <= ? AND content IS NOT NULL",
                arguments: [now.milliseconds])
        }
    }

    func insert(
        token: String, workerType: String, launchId: String?, content: SecretContent, expires: Date,
        _ db: Database
    ) throws {
        let hash = try Self.hash(token)
        try db.execute(
            sql: """
                INSERT INTO secrets (token_hash, worker_type, launch_id, content, content_mac, expires)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                hash, workerType, launchId,
                try database.seal(content, table: "secrets", row: Array(hash).hexadecimal),
                try database.authenticationCode(content), expires.milliseconds,
            ])
    }

    private static func checkIn(launch: String?, now: Date, _ db: Database) throws {
        guard let launch else { return }
        try db.execute(
            sql: "UPDATE launches SET checked_in_at = ? WHERE id = ? AND checked_in_at IS NULL",
            arguments: [now.milliseconds, launch])
    }

    private static func hash(_ token: String) throws -> Data {
        do throws(CryptographyError) {
            return Data(try SHA256.hash(token.utf8))
        } catch {
            throw StorageError.sealing(what: "token", error)
        }
    }
}
