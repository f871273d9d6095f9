import GRDB
import Glibc
import Platform
import SystemPackage

/// A copy of a backup beside the database that it will replace. Source files are only read.
enum BackupCopy {
    /// The tables that every database of this program contains.
    private static let tables = ["clients", "grdb_migrations", "meta", "secrets", "worker_types"]

    /// Copies a backup, and checks the copy.
    ///
    /// - Parameters:
    ///   - source: path of the backup.
    ///   - current: path of the current database, which is refused as a backup.
    ///   - path: path of the copy. It replaces the copy of a restoration that was killed.
    static func make(of source: String, at path: String, replacing current: String) throws {
        if let old = try? FilePath(current).stat(), let new = try? FilePath(source).stat(),
            old.inode == new.inode, old.deviceID == new.deviceID
        {
            throw StorageError.unusableBackup(path: source, reason: "it is the current database")
        }
        remove(path)
        do {
            try copy(source, to: path)
            try check(path, source: source)
        } catch {
            remove(path)
            throw StorageError.wrapping(error)
        }
    }

    /// Removes a copy with the other files of SQLite.
    static func remove(_ path: String) { for name in [path, path + "-wal", path + "-shm"] { unlink(name) } }

    private static func copy(_ source: String, to path: String) throws {
        func failure(_ reason: String) -> StorageError { .unusableBackup(path: source, reason: reason) }
        let input: FileDescriptor
        do {
            input = try FileDescriptor.open(source, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw failure("\(error)")
        }
        defer { try? input.close() }
        guard (try? input.stat().type) == .regular else { throw failure("it is no regular file") }
        if let log = try? FilePath(source + "-wal").stat(), log.size > 0 {
            throw failure(
                "\(source)-wal has changes that are not in it: make a copy with `aws-provisioner backup`")
        }
        do {
            let output = try SecureFile.create(path)
            var chunk = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                let count: Int
                do {
                    count = try chunk.withUnsafeMutableBytes { try input.read(into: $0) }
                } catch {
                    throw failure("\(error)")
                }
                if count == 0 { return }
                try output.write(Array(chunk[..<count]))
            }
        } catch let error as SecureFile.Failure {
            throw StorageError.copy(path: path, reason: error.reason)
        }
    }

    private static func check(_ path: String, source: String) throws {
        let problem: String?
        do {
            let queue = try DatabaseQueue(path: path)
            problem = try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA trusted_schema = OFF")
                if let damage = try String.fetchAll(db, sql: "PRAGMA integrity_check").first(where: {
                    $0 != "ok"
                }) {
                    return "it is damaged: \(damage)"
                }
                let names = try String.fetchSet(
                    db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
                guard names.isSuperset(of: tables) else { return "it is no database of aws-provisioner" }
                // As every database of this program is kept.
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                return nil
            }
            try queue.close()
        } catch let error as DatabaseError {
            throw StorageError.unusableBackup(
                path: source, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
        if let problem { throw StorageError.unusableBackup(path: source, reason: problem) }
    }
}
