package import Cryptography
import GRDB

/// Why the database could not do what was asked. Nothing is stored when one is thrown from a write.
package enum StorageError: Error, CustomStringConvertible, Sendable {
    /// There is no database at this path.
    case missing(path: String)
    /// The file cannot be made or opened.
    case unusable(path: String, reason: String)
    /// No copy could be made at this path.
    case copy(path: String, reason: String)
    /// A backup cannot be restored from this path.
    case unusableBackup(path: String, reason: String)
    /// Other processes have the database open, which has to be closed.
    case inUse(path: String)
    /// A newer program has changed the schema.
    case newerSchema(path: String)
    /// An older program made the schema, and this one may not change it.
    case olderSchema(path: String)
    /// Another process kept the database for longer than the busy timeout.
    case busy
    /// What a row holds cannot be read.
    case corrupt(what: String, reason: String)
    /// SQLite refused a statement.
    case failed(String)
    /// A sealed value could not be sealed or opened.
    case sealing(what: String, CryptographyError)

    package var description: String {
        switch self {
        case .missing(let path): "no database at \(path): make it with `aws-provisioner init`"
        case .unusable(let path, let reason): "cannot use the database \(path): \(reason)"
        case .copy(let path, let reason): "cannot copy the database to \(path): \(reason)"
        case .unusableBackup(let path, let reason): "cannot restore \(path): \(reason)"
        case .inUse(let path):
            "other processes use the database \(path): stop cron and the web server, and try again"
        case .newerSchema(let path):
            "the database \(path) was changed by a newer aws-provisioner: use that version or a newer one"
        case .olderSchema(let path):
            "the database \(path) is of an older aws-provisioner: the next iteration brings it up to date"
        case .busy: "the database is busy: another process held it for too long"
        case .corrupt(let what, let reason): "the database's \(what) cannot be read: \(reason)"
        case .failed(let reason): "the database refused: \(reason)"
        case .sealing(let what, let error): "\(what): \(error)"
        }
    }

    /// The description without the name of the row that it is about.
    var reason: String {
        switch self {
        case .corrupt(_, let reason): reason
        case .sealing(_, let error): "\(error)"
        default: description
        }
    }

    /// The typed form of whatever a database access threw.
    static func wrapping(_ error: any Error) -> StorageError {
        switch error {
        case let error as StorageError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY: .busy
        // The expanded statement would show the values of a row: only SQLite's message is passed on.
        case let error as DatabaseError:
            .failed("\(error.resultCode.rawValue): \(error.message ?? "no message")")
        default: .failed("\(type(of: error))")
        }
    }
}
