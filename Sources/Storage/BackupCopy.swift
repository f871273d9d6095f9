import GRDB
import Glibc

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
        var (old, new) = (stat(), stat())
        if stat(current, &old) == 0, stat(source, &new) == 0, old.st_ino == new.st_ino,
            old.st_dev == new.st_dev
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
        let input = Glibc.open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw failure(String(cString: strerror(errno))) }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw failure("it is no regular file")
        }
        var log = stat()
        if stat(source + "-wal", &log) == 0, log.st_size > 0 {
            throw failure(
                "\(source)-wal has changes that are not in it: make a copy with `aws-provisioner backup`")
        }
        let output = Glibc.open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0o600)
        guard output >= 0 else {
            throw StorageError.copy(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(output) }
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(input, &chunk, chunk.count)
            guard count >= 0 else { throw failure(String(cString: strerror(errno))) }
            if count == 0 { return }
            var written = 0
            while written < count {
                let more = chunk[written..<count].withUnsafeBytes {
                    Glibc.write(output, $0.baseAddress, $0.count)
                }
                guard more > 0 else {
                    throw StorageError.copy(path: path, reason: String(cString: strerror(errno)))
                }
                written += more
            }
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
