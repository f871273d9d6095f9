package import Cryptography
import GRDB

/// A failed access to the database. A write that throws stores nothing.
package enum StorageError: Error, CustomStringConvertible, Sendable {
    /// There is no database at this path.
    case missing(path: String)
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
    /// The schema is of an older program, and the database is opened for reading.
    case olderSchema(path: String)
    /// Another process locked the database for longer than the busy timeout.
    case busy
    /// A row cannot be read.
    case corrupt(what: String, reason: String)
    /// SQLite refused a statement.
    case failed(String)
    /// A sealed value could not be sealed or opened.
    case sealing(what: String, CryptographyError)

    package var description: String {
        switch self {
        case .missing(let path): "no database at \(path): create it with `aws-provisioner init`"
        case .unusable(let path, let reason): "cannot use the database \(path): \(reason)"
        case .copy(let path, let reason): "cannot copy the database to \(path): \(reason)"
        case .unusableBackup(let path, let reason): "cannot restore \(path): \(reason)"
        case .inUse(let path):
            "other processes use the database \(path): stop cron and the web server, and try again"
        case .newerSchema(let path):
            "the database \(path) was changed by a newer aws-provisioner: use that version or a newer one"
        case .olderSchema(let path):
            "the database \(path) is of an older aws-provisioner: the next iteration brings it up to date"
        case .busy: "the database is busy: another process locked it for too long"
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
        // Only the message: the expanded statement contains values of a row.
        case let error as DatabaseError:
            .failed("\(error.resultCode.rawValue): \(error.message ?? "no message")")
        default: .failed("\(type(of: error))")
        }
    }
}
