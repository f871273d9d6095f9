package import Cryptography
package import Domain
import Formats
package import FoundationEssentials
import GRDB
import Glibc

/// The replacement of the current database by a backup. Until `replace` it is a checked copy beside the database.
///
/// The caller has the lock of iterations.
package final class DatabaseRestoration {
    /// A client of the backup, compared with the current database.
    package struct Client: Sendable {
        package enum State: String, Sendable {
            case same
            /// The scopes or the expiry differ in the current database.
            case changed
            /// The current database lacks the client: it was removed, or the backup is of another deployment.
            case missing
            /// The current database cannot be read.
            case unknown
        }

        package let record: ClientRecord
        package let state: State
    }

    /// The result of `replace`.
    package struct Result: Sendable {
        /// The path of the replaced database; nil where there was none.
        package let replaced: String?
        package let secretsKept: Int
        package let secretsDropped: Int
        /// Whether the replaced database could be read.
        package let comparesSecrets: Bool
    }

    package let clients: [Client]
    package let workerTypes: [String]
    /// The provisionerId of the backup; nil in a backup of an earlier version.
    package let provisionerId: String?
    /// The time of the last recorded change in the backup.
    package let lastChange: Date?

    private let file: String
    private let path: String
    private let database: ProvisionerDatabase
    private var hasReplaced = false
    private var draft: String { Self.draft(path) }

    private static func draft(_ path: String) -> String { path + ".restoring" }

    /// Copies a backup beside the database, checks the copy and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - file: path of the backup, which does not change.
    ///   - path: path of the database to replace.
    ///   - key: the key that sealed the values of the backup.
    package init(of file: String, over path: String, key: EncryptionKey) throws {
        self.file = file
        self.path = path
        let draft = Self.draft(path)
        try BackupCopy.make(of: file, at: draft, replacing: path)
        do {
            database = try ProvisionerDatabase(path: draft, key: key)
            try Self.checkKey(database)
            workerTypes = try database.workerTypes.names()
            provisionerId = try database.provisionerId()
            lastChange = try database.audit.entries(limit: 1).last?.at
            let current = ReplacedDatabase(path: path).content()
            clients = try database.clients.list().map { record in
                Client(record: record, state: try Self.state(record, in: current))
            }
        } catch {
            BackupCopy.remove(draft)
            if case StorageError.newerSchema = error { throw StorageError.newerSchema(path: file) }
            throw error
        }
    }

    /// Removes the copy where it did not replace the database.
    deinit {
        guard !hasReplaced else { return }
        try? database.queue.close()
        BackupCopy.remove(draft)
    }

    private static func checkKey(_ database: ProvisionerDatabase) throws {
        for client in try database.clients.list() { _ = try database.clients.get(client.clientId) }
        for name in try database.workerTypes.names() {
            do {
                _ = try database.workerTypes.get(name)
            } catch StorageError.corrupt {
                // The key is right: the definition is damaged, and can be replaced later.
            }
        }
    }

    private static func state(_ record: ClientRecord, in current: ReplacedDatabase.Content?) throws
        -> Client.State
    {
        guard let current else { return .unknown }
        guard let client = current.clients[record.clientId] else { return .missing }
        let own = ReplacedDatabase.Content.Client(
            scopes: try JSONCoding.encode(record.scopes), expires: record.expires?.milliseconds)
        return client == own ? .same : .changed
    }

    /// Replaces the database by the backup.
    ///
    /// - Parameters:
    ///   - keepingSecrets: keeps the contents of secrets that were not fetched, expired or removed since, and all contents
    ///     where the current database cannot be read. Otherwise all contents are dropped.
    ///   - busyTimeout: seconds to wait for other processes.
    package func replace(
        keepingSecrets: Bool, by author: Author, now: Date, busyTimeout: TimeInterval = 5
    ) throws -> Result {
        let current = ReplacedDatabase(path: path)
        return try current.exclusively(busyTimeout: busyTimeout) { content in
            let (kept, dropped) = try adjust(content, keepingSecrets: keepingSecrets, by: author, now: now)
            try database.queue.close()
            try finishDraft()
            let time = now.timestamp.unicodeScalars.filter { $0 != "-" && $0 != ":" && $0 != "." }
            let replaced = try current.replace(by: draft, suffix: String(String.UnicodeScalarView(time)))
            hasReplaced = true
            return Result(
                replaced: replaced, secretsKept: kept, secretsDropped: dropped,
                comparesSecrets: content != nil)
        }
    }

    /// Copies nonces, the use of secrets and worker credentials from the current database, and records the restoration.
    private func adjust(
        _ content: ReplacedDatabase.Content?, keepingSecrets: Bool, by author: Author, now: Date
    ) throws -> (kept: Int, dropped: Int) {
        try refuseReplays(content, now: now)
        let kept = keepingSecrets ? content?.secrets : []
        return try database.write { db in
            // Dropped contents must not stay in free pages.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            let hashes = try Data.fetchAll(
                db, sql: "SELECT token_hash FROM secrets WHERE content IS NOT NULL")
            let dropped = hashes.filter { !(kept?.contains($0) ?? true) }
            for hash in dropped {
                try db.execute(
                    sql: "UPDATE secrets SET content = NULL WHERE token_hash = ?", arguments: [hash])
            }
            // Worker credentials without a row would outlive their client.
            for row in content?.credentials ?? [] {
                try db.execute(
                    sql: """
                        INSERT OR REPLACE INTO worker_credentials (seed, client_id, scopes, expires)
                        VALUES (?, ?, ?, ?)
                        """,
                    arguments: [
                        row["seed"] as String?, row["client_id"] as String?, row["scopes"] as String?,
                        row["expires"] as Int64?,
                    ])
            }
            try database.audit.add(
                .restored, .database, file,
                note: "\(hashes.count - dropped.count) secrets kept, \(dropped.count) dropped", by: author,
                now: now, db)
            return (hashes.count - dropped.count, dropped.count)
        }
    }

    /// Requests that were accepted since the backup are not accepted again: all that were signed before now are
    /// refused, and so are those of clients whose clocks are ahead, whose nonces are taken over.
    private func refuseReplays(_ content: ReplacedDatabase.Content?, now: Date) throws {
        let horizon = content?.horizon.map { Date(timeIntervalSince1970: Double($0)) }
        try database.nonces.raiseHorizon(to: max(now, horizon ?? now))
        try database.write { db in
            for row in content?.nonces ?? [] {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO nonces (timestamp, client_id, nonce) VALUES (?, ?, ?)",
                    arguments: [
                        row["timestamp"] as Int64?, row["client_id"] as String?, row["nonce"] as String?,
                    ])
            }
        }
    }

    /// Gives the copy the owner of the database that it replaces, and waits for the disk.
    private func finishDraft() throws {
        func failure(_ reason: String) -> StorageError { .copy(path: draft, reason: reason) }
        guard access(draft + "-wal", F_OK) != 0 else { throw failure("its log could not be folded into it") }
        let output = Glibc.open(draft, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard output >= 0 else { throw failure(String(cString: strerror(errno))) }
        defer { close(output) }
        var owner = stat()
        if geteuid() == 0, stat(path, &owner) == 0 { _ = fchown(output, owner.st_uid, owner.st_gid) }
        guard fsync(output) == 0 else { throw failure(String(cString: strerror(errno))) }
    }
}
