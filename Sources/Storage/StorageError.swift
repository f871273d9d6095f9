package import Cryptography
import GRDB

/// A failed access to the database. A write that throws stores nothing.
package enum StorageError: Error, CustomStringConvertible, Sendable {
    /// There is no database at this path.
    case missing(path: String)
    /// This process has no permission to read the file.
    case unreadable(path: String, reason: String)
    /// The path does not lead to a database of this program.
    case foreign(path: String, reason: String)
    /// There is no encryption key at this path.
    case missingKey(path: String)
    /// The file cannot be created or opened.
    case unusable(path: String, reason: String)
    /// The copy at this path failed.
    case copy(path: String, reason: String)
    /// A backup cannot be restored from this path.
    case unusableBackup(path: String, reason: String)
    /// Other processes have the database open.
    case inUse(path: String)
    /// A newer program has changed the schema.
    case newerSchema(path: String)
    /// The schema is of an older program, and this access does not migrate it.
    case olderSchema(path: String)
    /// Another process locked the database for longer than the busy timeout.
    case busy
    /// SQLite found damage in the file.
    case damaged(reason: String)
    /// The file system of the database has no free space.
    case full
    /// This process has no permission to write the database, or the files that SQLite keeps beside it.
    case unwritable(reason: String)
    /// A row cannot be read.
    case corrupt(what: String, reason: String)
    /// SQLite refused a statement.
    case failed(String)
    /// A sealed value could not be sealed or opened.
    case sealing(what: String, CryptographyError)

    package var description: String {
        switch self {
        case .missing(let path): "no database at \(path): create it with `aws-provisioner init`"
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .foreign(let path, let reason): "\(path) \(reason)"
        case .missingKey(let path):
            "no encryption key at \(path): restore the key from its backup, or name its file in the setting "
                + "encryptionKeyFile"
        case .unusable(let path, let reason): "cannot use \(path): \(reason)"
        case .copy(let path, let reason): "cannot copy the database to \(path): \(reason)"
        case .unusableBackup(let path, let reason): "cannot restore \(path): \(reason)"
        case .inUse(let path):
            "other processes use the database \(path): stop cron and the web server, and try again"
        case .newerSchema(let path):
            "the database \(path) was changed by a newer aws-provisioner: use that version or a newer one"
        case .olderSchema(let path):
            "the database \(path) is of an older aws-provisioner: run `aws-provisioner migrate`, or wait for the "
                + "next iteration"
        case .busy: "the database is busy: another process locked it for too long"
        case .damaged(let reason):
            "the database is damaged (\(reason)): restore a backup with `aws-provisioner restore`"
        case .full: "the disk of the database is full: free some space"
        case .unwritable(let reason): "the database cannot be written by this user: \(reason)"
        case .corrupt(let what, let reason): "the database's \(what) cannot be read: \(reason)"
        case .failed(let reason): "the database failed: \(reason)"
        case .sealing(let what, let error): "\(what): \(error)"
        }
    }

    /// The description without the name of the row.
    var reason: String {
        switch self {
        case .corrupt(_, let reason): reason
        case .sealing(_, let error): "\(error)"
        default: description
        }
    }

    /// The typed form of an error of a database access.
    static func wrapping(_ error: any Error) -> StorageError {
        switch error {
        case let error as StorageError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY: .busy
        case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            .damaged(reason: error.message ?? "SQLite error \(error.resultCode)")
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: .full
        case let error as DatabaseError
        where [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(error.resultCode):
            .unwritable(reason: error.message ?? "SQLite error \(error.resultCode)")
        // Only the message: the expanded statement contains values of a row.
        case let error as DatabaseError:
            .failed("\(error.resultCode.rawValue): \(error.message ?? "no message")")
        default: .failed("\(type(of: error))")
        }
    }
}
