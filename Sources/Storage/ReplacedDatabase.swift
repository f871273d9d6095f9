import FoundationEssentials
import GRDB
import Glibc

/// The database that a backup replaces. It may be damaged, of another version, or missing.
struct ReplacedDatabase {
    /// The content that a restoration compares or copies.
    struct Content {
        /// A current client.
        struct Client: Equatable {
            let scopes: String
            let expires: Int64?
        }

        let clients: [String: Client]
        /// The hashes of the tokens whose secrets are neither fetched nor removed.
        let secrets: Set<Data>
        let nonces: [Row]
        /// Requests that were signed up to this time are refused; seconds since 1970. Nil in an older database.
        let horizon: Int64?
        /// The worker credentials with their clients. Empty in an older database.
        let credentials: [Row]

        init(_ db: Database) throws {
            var clients: [String: Client] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT client_id, scopes, expires FROM clients") {
                clients[row["client_id"]] = Client(scopes: row["scopes"], expires: row["expires"])
            }
            self.clients = clients
            secrets = try Data.fetchSet(db, sql: "SELECT token_hash FROM secrets WHERE content IS NOT NULL")
            nonces = try Row.fetchAll(db, sql: "SELECT timestamp, client_id, nonce FROM nonces")
            horizon =
                try db.tableExists("nonce_horizon")
                ? Int64.fetchOne(db, sql: "SELECT timestamp FROM nonce_horizon") : nil
            credentials =
                try db.tableExists("worker_credentials")
                ? Row.fetchAll(db, sql: "SELECT seed, client_id, scopes, expires FROM worker_credentials")
                : []
        }
    }

    let path: String

    var exists: Bool { access(path, F_OK) == 0 }

    /// The current content; nil where it cannot be read.
    func content() -> Content? {
        guard exists, let queue = try? DatabaseQueue(path: path) else { return nil }
        defer { try? queue.close() }
        return try? queue.read { db in try Content(db) }
    }

    /// Runs a closure while no other process can use the database.
    ///
    /// SQLite first merges the write-ahead log into the file, so that the file is complete under another name. Throws
    /// `inUse` when there are other connections. Without a lock for a database that cannot be read.
    ///
    /// - Parameter work: receives the content; nil where it cannot be read.
    func exclusively<Value>(busyTimeout: TimeInterval, _ work: (Content?) throws -> Value) throws -> Value {
        guard exists else { return try work(nil) }
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.allowsUnsafeTransactions = true
        var hasBegun = false
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.writeWithoutTransaction { db in
                guard try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") == "delete" else {
                    throw StorageError.inUse(path: path)
                }
                try db.execute(sql: "BEGIN EXCLUSIVE")
                defer { try? db.execute(sql: "ROLLBACK") }
                let content = try? Content(db)
                hasBegun = true
                return try work(content)
            }
        } catch let error as DatabaseError where !hasBegun {
            let isBusy = [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
            if isBusy { throw StorageError.inUse(path: path) }
            return try work(nil)
        }
    }

    /// Replaces the database by a file, and keeps the replaced database under another name.
    ///
    /// - Returns: the path of the replaced database; nil where there was none.
    func replace(by file: String, suffix: String) throws -> String? {
        func failure(_ what: String) -> StorageError {
            .copy(path: what, reason: String(cString: strerror(errno)))
        }
        var kept: String?
        if exists {
            var name = "\(path).replaced-\(suffix)"
            for number in 2..<100 {
                // A link, so that there is a database at each moment.
                if link(path, name) == 0 {
                    kept = name
                    break
                }
                guard errno == EEXIST else { throw failure(name) }
                name = "\(path).replaced-\(suffix)-\(number)"
            }
            guard kept != nil else { throw failure(name) }
        }
        // A log of the old file must not be applied to the new one.
        for ending in ["-wal", "-shm"] where access(path + ending, F_OK) == 0 {
            let name = (kept ?? "\(path).replaced-\(suffix)") + ending
            guard rename(path + ending, name) == 0 else { throw failure(name) }
        }
        guard rename(file, path) == 0 else { throw failure(path) }
        let folder = Glibc.open(
            String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/.",
            O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return kept
    }
}
