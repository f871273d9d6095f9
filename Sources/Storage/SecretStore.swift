import Cryptography
package import Domain
package import FoundationEssentials
import GRDB

/// Secrets by security token. The content is sealed and can be fetched once; the token itself is never stored.
package struct SecretStore: Sendable {
    let database: ProvisionerDatabase

    /// The most secrets of clients, fetched or not, until they expire. As many removed secrets are kept.
    package static let most = 10_000
    /// The most recorded instances that used the token of another instance.
    static let mostRefusedClaims = 100

    package enum Creation: Sendable, Equatable {
        case created
        /// The same content for the same worker type was stored before.
        case same
        /// Another content is stored for this token, or the token belongs to a launch.
        case conflict
        /// The same content was stored before, and was fetched or removed.
        case spent
        /// There are `most` secrets of clients already.
        case tooMany
    }

    package enum CheckIn: Sendable, Equatable {
        case recorded
        /// The token belongs to another instance.
        case otherInstance
        /// There is no valid token like this.
        case unknown
    }

    /// Stores a secret of a client.
    ///
    /// - Parameter creator: the client of the database whose scopes the secret has. The secret ends with this client.
    package func create(
        token: String, workerType: String, content: SecretContent, expires: Date, creator: String? = nil,
        by author: Author, now: Date
    ) throws -> Creation {
        try database.write { db in
            let hash = try Self.hash(token)
            try db.execute(
                sql: "DELETE FROM secrets WHERE token_hash = ? AND launch_id IS NULL AND expires <= ?",
                arguments: [hash, now.milliseconds])
            let existing = try Row.fetchOne(
                db, sql: "SELECT * FROM secrets WHERE token_hash = ?", arguments: [hash])
            guard let existing else {
                let count = try Int.fetchOne(
                    db,
                    sql:
                        "SELECT count(*) FROM secrets WHERE launch_id IS NULL AND removed_at IS NULL")
                guard (count ?? 0) < Self.most else { return .tooMany }
                try insert(
                    token: token, workerType: workerType, launchId: nil, content: content, expires: expires,
                    creator: creator, db)
                try database.audit.add(
                    .created, .secret, Self.shortName(hash), workerType: workerType, by: author, now: now, db)
                return .created
            }
            let mac = try database.authenticationCode(content)
            let same =
                (existing["launch_id"] as String?) == nil && existing["worker_type"] == workerType
                && existing["content_mac"] == mac
            guard same else { return .conflict }
            return (existing["content"] as Data?) == nil ? .spent : .same
        }
    }

    /// The worker type of a secret that can still be fetched.
    package func workerType(token: String, now: Date) throws -> String? {
        let hash = try Self.hash(token)
        return try database.readOnce { db in
            try String.fetchOne(
                db, sql: "SELECT worker_type FROM secrets " + Self.fetchable,
                arguments: [hash, now.milliseconds])
        }
    }

    /// Returns the content once: exactly one of several concurrent calls receives it. It is the check-in of the launch.
    ///
    /// - Parameters:
    ///   - certificate: the certificate of the worker's credentials. It is recorded for a secret of a client.
    ///   - isEntitled: whether the client that created the secret still has its scopes; the client is nil when it was
    ///     removed. Without the entitlement there is no result.
    package func take(
        token: String, now: Date, issuing certificate: IssuedCertificate? = nil,
        isEntitled: (_ creator: ClientRecord?, _ scopes: [String]) -> Bool = { _, _ in true }
    ) throws -> (workerType: String, content: SecretContent)? {
        let hash = try Self.hash(token)
        return try database.write { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM secrets " + Self.fetchable, arguments: [hash, now.milliseconds])
            guard let row, let sealed: Data = row["content"] else { return nil }
            let content = try SecretContent(
                stored: try database.sealer.openDocument(
                    sealed, table: "secrets", row: Array(hash).hexadecimal, binding: Self.boundColumns(row)))
            if let creator: String = row["client_id"] {
                let client = try database.clients.verified(creator, db)
                guard isEntitled(client, content.scopes) else { return nil }
                if let certificate { try record(certificate, of: creator, content.scopes, db) }
            }
            try db.execute(
                sql: "UPDATE secrets SET content = NULL WHERE token_hash = ?", arguments: [hash])
            try Self.checkIn(launch: row["launch_id"], now: now, db)
            return (row["worker_type"], content)
        }
    }

    /// The client and the scopes of the secret that worker credentials come from; nil for the credentials of a launch.
    /// The client is nil when it was removed.
    ///
    /// - Parameter seed: the seed of the certificate.
    package func origin(seed: String) throws -> (creator: String?, scopes: [String])? {
        try database.readOnce { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM worker_credentials WHERE seed = ?", arguments: [seed])
            guard let row else { return nil }
            let scopes: String = row["scopes"]
            return (
                row["client_id"],
                try JSONCoding.decode([String].self, from: scopes.utf8, what: "worker credentials' scopes")
            )
        }
    }

    /// Records the first instance that uses a token.
    package func recordInstanceStarted(token: String, instanceId: String, now: Date) throws -> CheckIn {
        let hash = try Self.hash(token)
        return try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: "SELECT instance_id, launch_id FROM secrets "
                        + "WHERE token_hash = ? AND expires > ? AND removed_at IS NULL",
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

    /// Removes a secret. A missing secret is no error. The hash of the token stays until the secret would expire, or the
    /// record of its launch is purged: no secret can be created for this token.
    package func remove(token: String, by author: Author, now: Date) throws {
        let hash = try Self.hash(token)
        try database.write { db in
            let row = try Row.fetchOne(
                db,
                sql: "SELECT worker_type, launch_id FROM secrets WHERE token_hash = ? AND removed_at IS NULL",
                arguments: [hash])
            guard let row else { return }
            try db.execute(
                sql: "UPDATE secrets SET content = NULL, removed_at = ? WHERE token_hash = ?",
                arguments: [now.milliseconds, hash])
            try db.execute(
                sql: """
                    DELETE FROM secrets WHERE launch_id IS NULL AND removed_at IS NOT NULL AND token_hash NOT IN (
                        SELECT token_hash FROM secrets WHERE launch_id IS NULL AND removed_at IS NOT NULL
                        ORDER BY removed_at DESC LIMIT ?)
                    """, arguments: [Self.most])
            try database.audit.add(
                .removed, .secret, Self.shortName(hash), workerType: row["worker_type"],
                note: (row["launch_id"] as String?).map { "of launch \($0)" }, by: author, now: now, db)
        }
    }

    /// Ends the secrets of a client, and the worker credentials from these secrets. The workers' tokens stay.
    func endAll(of clientId: String, _ db: Database) throws {
        try db.execute(sql: "UPDATE secrets SET content = NULL WHERE client_id = ?", arguments: [clientId])
        try db.execute(
            sql: "UPDATE worker_credentials SET client_id = NULL WHERE client_id = ?", arguments: [clientId])
    }

    /// Deletes the content of expired secrets, the expired secrets without a launch, and expired credentials.
    package func purgeExpired(now: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM secrets WHERE expires <= ? AND launch_id IS NULL",
                arguments: [now.milliseconds])
            // The secret of a launch that EC2 may still take is extended when EC2 shows the instance.
            try db.execute(
                sql: """
                    UPDATE secrets SET content = NULL WHERE expires <= ? AND content IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM launches WHERE launches.id = secrets.launch_id AND started_at IS NULL
                            AND state IN ('stored', 'submitted', 'visible'))
                    """, arguments: [now.milliseconds])
            // An expired certificate is accepted for some minutes, because clocks differ.
            try db.execute(
                sql: "DELETE FROM worker_credentials WHERE expires <= ?",
                arguments: [now.addingTimeInterval(-3600).milliseconds])
        }
    }

    func insert(
        token: String, workerType: String, launchId: String?, content: SecretContent, expires: Date,
        creator: String? = nil, _ db: Database
    ) throws {
        let hash = try Self.hash(token)
        let sealed = try database.sealer.seal(
            content, table: "secrets", row: Array(hash).hexadecimal,
            binding: Self.bound(workerType, launchId, expires.milliseconds, creator))
        try db.execute(
            sql: """
                INSERT INTO secrets (
                    token_hash, worker_type, launch_id, content, content_mac, expires, client_id
                ) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                hash, workerType, launchId, sealed, try database.authenticationCode(content),
                expires.milliseconds, creator,
            ])
    }

    private static let fetchable = "WHERE token_hash = ? AND content IS NOT NULL AND expires > ?"

    /// The columns that the seal of a content binds, in their stored form.
    static func boundColumns(_ row: Row) -> [String?] {
        bound(row["worker_type"], row["launch_id"], row["expires"], row["client_id"])
    }

    static func bound(
        _ workerType: String, _ launchId: String?, _ expires: Int64, _ creator: String?
    ) -> [String?] { [workerType, launchId, String(expires), creator] }

    private func record(
        _ certificate: IssuedCertificate, of creator: String, _ scopes: [String], _ db: Database
    ) throws {
        try db.execute(
            sql: "INSERT INTO worker_credentials (seed, client_id, scopes, expires) VALUES (?, ?, ?, ?)",
            arguments: [
                certificate.seed, creator, try JSONCoding.encode(scopes), certificate.expires.milliseconds,
            ])
    }

    /// A name of a secret for the audit log, which does not reveal its token.
    private static func shortName(_ hash: Data) -> String { Array(hash.prefix(6)).hexadecimal }

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
