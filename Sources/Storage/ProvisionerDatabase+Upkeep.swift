import GRDB
import Glibc
import Platform

extension ProvisionerDatabase {
    /// Copies the database into a new file, readable by its owner alone, while others go on working with it.
    ///
    /// The copy is one moment of the database, without the pages that deleted rows left behind, and it is checked.
    /// Nothing is left at the path when that fails.
    ///
    /// - Returns: the copy's size in bytes.
    @discardableResult
    package func backUp(to path: String) throws -> Int64 {
        // Made here first: SQLite would make it readable by others. It takes an empty file for a new one.
        let file: SecureFile
        do {
            file = try SecureFile.create(path)
        } catch {
            throw StorageError.copy(
                path: path,
                reason: error.code == EEXIST ? "is there already, and is not overwritten" : error.reason)
        }
        do {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
            let copy = try DatabaseQueue(path: path)
            let problems = try copy.writeWithoutTransaction { db in
                // The same mode as the database: a writer does not block readers.
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                // The program that opens the copy first settles which nonces it accepts.
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
                return Int64(try file.status().st_size)
            } catch let error as SecureFile.Failure {
                throw StorageError.copy(path: path, reason: error.reason)
            }
        } catch {
            for name in [path, path + "-wal", path + "-shm"] { unlink(name) }
            throw StorageError.wrapping(error)
        }
    }

    /// What SQLite finds wrong with the file; empty when nothing is.
    package func integrityProblems() throws -> [String] { try read { try Self.problems($0, "quick_check") } }

    /// Gives the space that deleted rows left back to the file system.
    package func vacuum() throws {
        do {
            try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM") }
        } catch {
            throw StorageError.wrapping(error)
        }
    }

    /// Bytes that the database's pages take.
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
