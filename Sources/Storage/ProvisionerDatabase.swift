package import Cryptography
package import FoundationEssentials
import GRDB
import Glibc
import Platform
import Synchronization

/// The SQLite file with all state, shared by short-lived processes.
///
/// In WAL mode readers continue while an iteration writes. Writers wait for each other up to the busy timeout. A
/// commit waits for the disk (`synchronous = FULL`), because a launch row must survive a power failure directly
/// after the call of EC2. Times are stored as whole milliseconds since 1970.
package final class ProvisionerDatabase: Sendable {
    let queue: DatabaseQueue
    private let isPreparedToWrite = Mutex(false)
    /// The reasons of the values that reads left out, by the name of the value.
    let unreadable = Mutex<[String: String]>([:])
    let key: EncryptionKey?
    /// Whether every write is rolled back.
    let rollsBack: Bool

    package let path: String

    /// The treatment of an older schema.
    package enum SchemaUpdate: Sendable {
        case refused
        case applied
        /// The update is applied after a copy of the database was made beside it.
        case appliedAfterCopy
    }

    /// The path of the copy that was made before an update of the schema; nil without an update.
    package var copyBeforeUpdate: String? { updateCopy.withLock { $0 } }
    private let updateCopy = Mutex<String?>(nil)

    /// Opens the database.
    ///
    /// - Parameters:
    ///   - key: seals and opens secrets. Other data needs no key.
    ///   - create: whether a missing file is created, readable by its owner alone.
    ///   - readOnly: whether nothing can be written. An older schema is then refused.
    ///   - schemaUpdate: whether an older schema is brought up to date.
    ///   - busyTimeout: seconds to wait for another writer.
    package init(
        path: String, key: EncryptionKey?, create: Bool = false, readOnly: Bool = false,
        schemaUpdate: SchemaUpdate = .applied, busyTimeout: TimeInterval = 5
    ) throws {
        self.path = path
        self.key = key
        rollsBack = false
        do {
            try DatabaseFile.check(path)
        } catch StorageError.missing where create {
            do {
                _ = try SecureFile.create(path)
            } catch {
                throw StorageError.unusable(path: path, reason: error.reason)
            }
        }
        var configuration = Configuration()
        // The first write sets it: most requests only read, and each statement at the start delays them.
        configuration.foreignKeysEnabled = false
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(busyTimeout)
        do {
            queue = try DatabaseQueue(
                path: readOnly ? DatabaseFile.pathForReading(path) : path, configuration: configuration)
            let version = try queue.unsafeRead { db in
                try Int32.fetchOne(db.makeStatement(sql: "PRAGMA user_version"))
            }
            if version != Schema.version {
                try migrate(create: create, readOnly: readOnly, update: schemaUpdate)
            }
        } catch {
            throw DatabaseFile.failure(toOpen: path, error)
        }
    }

    private init(rollingBack database: ProvisionerDatabase) {
        path = database.path
        key = database.key
        queue = database.queue
        rollsBack = true
    }

    /// The same database for a dry run: every write is executed, checked and rolled back.
    package func rollingBack() -> ProvisionerDatabase { ProvisionerDatabase(rollingBack: self) }

    /// Brings the schema up to date, and stores its version. Refuses a schema that is newer than this program.
    private func migrate(create: Bool, readOnly: Bool, update: SchemaUpdate) throws {
        let isEmpty = try DatabaseFile.isEmpty(queue, path: path)
        if isEmpty {
            guard create else {
                throw StorageError.foreign(
                    path: path, reason: "is an empty file: create the database with `aws-provisioner init`")
            }
        }
        let migrator = Schema.migrator(sealer)
        let (superseded, complete) = try queue.read { db in
            (try migrator.hasBeenSuperseded(db), try migrator.hasCompletedMigrations(db))
        }
        if superseded { throw StorageError.newerSchema(path: path) }
        if readOnly || update == .refused, !isEmpty, !complete { throw StorageError.olderSchema(path: path) }
        if readOnly { return }
        // Readers continue during a write. A new file and a backup have another journal mode.
        try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = WAL") }
        if !complete {
            if update == .appliedAfterCopy, !isEmpty {
                let copy = try copyBesideFile()
                updateCopy.withLock { $0 = copy }
            }
            try queue.writeWithoutTransaction(prepareToWrite)
            try migrator.migrate(queue)
        }
        try nonces.settleCopy()
        do {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Another process writes. The version only makes opening quicker; the next process stores it.
        }
    }

    /// Prepares a connection for its first transaction that writes.
    private func prepareToWrite(_ db: Database) throws {
        guard !(isPreparedToWrite.withLock { $0 }) else { return }
        try db.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")
        isPreparedToWrite.withLock { $0 = true }
    }

    /// Reads one state of the database: all reads in `body`, of any store, see the same rows while other processes
    /// write. Calls may be nested. `body` must not write.
    package func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        var outcome: Result<Value, any Error>?
        // Errors of `body` keep their type; errors of the transaction become a `StorageError`.
        try read { _ in outcome = Result(catching: body) }
        guard let outcome else { throw StorageError.failed("a snapshot ended without a result") }
        return try outcome.get()
    }

    /// Reads, in one snapshot.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            // Reentrant, because `snapshot` calls stores inside a transaction that it began.
            return try queue.unsafeReentrantRead { db in
                if db.isInsideTransaction { return try body(db) }
                var value: Value?
                try db.readOnly {
                    try db.inTransaction(.deferred) {
                        value = try body(db)
                        return .commit
                    }
                }
                guard let value else { throw StorageError.failed("a transaction ended without a result") }
                return value
            }
        } catch { throw StorageError.wrapping(error) }
    }

    /// Reads by one statement, which needs no transaction.
    func readOnce<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try queue.unsafeReentrantRead(body) } catch { throw StorageError.wrapping(error) }
    }

    /// Writes in one IMMEDIATE transaction: all or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try queue.writeWithoutTransaction { db in
                try prepareToWrite(db)
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(db)
                    return rollsBack ? .rollback : .commit
                }
                guard let value else { throw StorageError.failed("a transaction ended without a result") }
                return value
            }
        } catch { throw StorageError.wrapping(error) }
    }

    /// Deletes in transactions of a limited number of rows, so that other writers wait for a short time only.
    ///
    /// - Parameter deletePart: deletes at most a limited number of rows, and returns the number of deleted rows.
    /// - Returns: the number of deleted rows.
    func deleteInParts(_ deletePart: (Database) throws -> Int) throws -> Int {
        var total = 0
        while true {
            let count = try write(deletePart)
            total += count
            // A transaction that is rolled back deletes the same rows each time.
            if count == 0 || rollsBack { return total }
        }
    }

    /// The creation time of the database.
    package func createdAt() throws -> Date {
        try readOnce { db in
            Date(milliseconds: try Int64.fetchOne(db, sql: "SELECT created_at FROM meta") ?? 0)
        }
    }
}

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// Whole milliseconds since 1970, the stored form of a time.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
