import Formats
import GRDB
import Glibc
import Platform

/// The file of the database, before and while SQLite opens it.
package enum DatabaseFile {
    /// Throws unless there is a file at the path that this process can read.
    package static func check(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if [ENOENT, ENOTDIR].contains(errno) { throw StorageError.missing(path: path) }
            throw StorageError.unreadable(path: path, reason: AccessDenial.reason(path: path, code: errno))
        }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else {
            throw StorageError.foreign(
                path: path,
                reason:
                    "is \(kind == S_IFDIR ? "a folder" : "not a regular file"), and not a database: name the file in "
                    + "the setting database")
        }
        guard access(path, R_OK) == 0 else {
            throw StorageError.unreadable(path: path, reason: AccessDenial.reason(path: path, code: errno))
        }
    }

    /// Throws if the file at the path is not a database of this program.
    package static func checkKind(_ path: String) throws {
        do {
            _ = try ProvisionerDatabase(path: path, key: nil, readOnly: true)
        } catch StorageError.olderSchema {
            // The database of an earlier version.
        }
    }

    /// The path or URI for a connection that only reads.
    ///
    /// SQLite reads a database in WAL mode through files beside it. Where this process cannot create them and none
    /// exists, no other process uses the database, and SQLite can read the file alone.
    static func pathForReading(_ path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard access(folder, W_OK) != 0, access(path + "-wal", F_OK) != 0 else { return path }
        let escaped = path.split(separator: "/", omittingEmptySubsequences: false).map {
            PercentEncoding.encode(String($0))
        }.joined(separator: "/")
        return "file:\(escaped)?immutable=1"
    }

    /// Whether the file has no content. Throws for the database of another program.
    static func isEmpty(_ queue: DatabaseQueue, path: String) throws -> Bool {
        let names = try queue.read { db in try String.fetchSet(db, sql: "SELECT name FROM sqlite_master") }
        if names.isEmpty { return true }
        guard names.isSuperset(of: ["grdb_migrations", "worker_types"]) else {
            throw StorageError.foreign(
                path: path, reason: "is the database of another program: name another file")
        }
        return false
    }

    /// The typed form of an error while the database is opened.
    static func failure(toOpen path: String, _ error: any Error) -> StorageError {
        guard let error = error as? DatabaseError else { return .wrapping(error) }
        let reason = error.message ?? "SQLite error \(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            return .foreign(
                path: path,
                reason:
                    "is not an SQLite database: name the file in the setting database, or restore a backup with "
                    + "`aws-provisioner restore`")
        case .SQLITE_BUSY, .SQLITE_CORRUPT, .SQLITE_FULL: return .wrapping(error)
        default: return .unusable(path: path, reason: reason)
        }
    }
}
