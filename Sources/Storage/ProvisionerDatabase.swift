public import Cryptography
public import FoundationEssentials
import GRDB
import Glibc

/// The one SQLite file that all state lives in, shared by short-lived processes.
///
/// WAL mode lets readers go on while an iteration writes; writers wait for each other by the busy timeout. A
/// commit waits for the disk (`synchronous = FULL`), because a launch row has to survive a power cut that happens
/// right after EC2 was called. Times are stored as whole milliseconds since 1970, which sort and compare as they are.
public final class ProvisionerDatabase: Sendable {
    let queue: DatabaseQueue
    let key: EncryptionKey?

    public let path: String

    /// Opens the database, and brings an older schema up to date.
    ///
    /// - Parameters:
    ///   - key: seals and opens secrets; without it everything else works.
    ///   - create: whether a missing file is made, readable by its owner alone.
    ///   - busyTimeout: seconds to wait for another writer.
    public init(path: String, key: EncryptionKey?, create: Bool = false, busyTimeout: TimeInterval = 5) throws
    {
        self.path = path
        self.key = key
        let isNew = access(path, F_OK) != 0
        if isNew {
            guard create else { throw StorageError.missing(path: path) }
            let file = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                throw StorageError.unusable(path: path, reason: String(cString: strerror(errno)))
            }
            close(file)
        }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            if isNew {
                try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = WAL") }
            }
            let migrator = Schema.migrator
            let (superseded, complete) = try queue.read { db in
                (try migrator.hasBeenSuperseded(db), try migrator.hasCompletedMigrations(db))
            }
            if superseded { throw StorageError.newerSchema(path: path) }
            if !complete { try migrator.migrate(queue) }
        } catch let error as DatabaseError where error.resultCode != .SQLITE_BUSY {
            throw StorageError.unusable(
                path: path, reason: error.message ?? "SQLite error \(error.resultCode)")
        } catch {
            throw StorageError.wrapping(error)
        }
    }

    /// Reads, in one snapshot.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try queue.read(body) } catch { throw StorageError.wrapping(error) }
    }

    /// Writes, in one IMMEDIATE transaction: all of it is stored, or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try queue.write(body) } catch { throw StorageError.wrapping(error) }
    }

    /// When the database was made.
    public func createdAt() throws -> Date {
        try read { db in
            Date(milliseconds: try Int64.fetchOne(db, sql: "SELECT created_at FROM meta") ?? 0)
        }
    }
}

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// Whole milliseconds since 1970, the stored form of a time.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
