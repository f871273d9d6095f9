import Formats
import FoundationEssentials
import GRDB
import Glibc
import Platform
import SystemPackage

extension ProvisionerDatabase {
    /// Copies the database into a new file, readable by its owner alone, while other processes use it.
    ///
    /// The copy is a consistent snapshot without free pages, and it is checked. No file remains after a failure. The copy
    /// has no write-ahead log, so that a reader creates no file beside it. The first program that writes it adds the log.
    ///
    /// - Returns: the size of the copy in bytes.
    @discardableResult
    package func backUp(to path: String) throws -> Int64 {
        // SQLite would create a file that others can read, and accepts an empty file.
        let file: SecureFile
        do {
            file = try SecureFile.create(path)
        } catch {
            throw StorageError.copy(
                path: path,
                reason: error.code == EEXIST ? "exists already, and is not overwritten" : error.reason)
        }
        do {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
            let copy = try DatabaseQueue(path: path)
            let problems = try copy.writeWithoutTransaction { db in
                // The first program that opens the copy raises the horizon of its nonces.
                try db.execute(sql: "UPDATE nonce_horizon SET is_copy = 1; PRAGMA user_version = 0")
                return try Self.problems(db, "integrity_check")
            }
            try copy.close()
            if let first = problems.first { throw StorageError.copy(path: path, reason: first) }
            do {
                try file.synchronize()
                // SQLite opened the copy by its path, and not through this descriptor.
                guard file.isAtPath else {
                    throw StorageError.copy(path: path, reason: "was replaced while it was written")
                }
                return try file.status().size
            } catch let error as SecureFile.Failure {
                throw StorageError.copy(path: path, reason: error.reason)
            }
        } catch {
            for name in [path, path + "-wal", path + "-shm"] { unlink(name) }
            throw StorageError.wrapping(error)
        }
    }

    /// Copies the database to a new file beside it, named after the current time, for an update of the schema.
    ///
    /// - Returns: the path of the copy.
    func copyBesideFile() throws -> String {
        let time = String(
            String.UnicodeScalarView(
                Date().timestamp.unicodeScalars.filter { !"-:.".unicodeScalars.contains($0) }))
        let copy = "\(path).before-update-\(time)"
        do {
            _ = try SecureFile.create(copy)
        } catch {
            throw StorageError.copy(path: copy, reason: error.reason)
        }
        do {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [copy])
            }
        } catch {
            unlink(copy)
            throw StorageError.wrapping(error)
        }
        return copy
    }

    /// The damage that SQLite finds in the file; empty for a sound file.
    package func integrityProblems() throws -> [String] { try read { try Self.problems($0, "quick_check") } }

    /// Returns the space of deleted rows to the file system.
    package func vacuum() throws {
        do {
            try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM") }
        } catch {
            throw StorageError.wrapping(error)
        }
    }

    /// The size of the database's pages in bytes.
    package func size() throws -> Int64 {
        try read { db in
            try Int64.fetchOne(
                db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                ?? 0
        }
    }

    private static func problems(_ db: Database, _ check: String) throws -> [String] {
        try String.fetchAll(db, sql: "PRAGMA \(check)").filter { $0 != "ok" }
    }
}
