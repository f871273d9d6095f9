import GRDB
import Synchronization

extension ProvisionerDatabase {
    /// Reads each row. A row that cannot be read, for example because a newer program stored it, is left out and noted,
    /// and does not affect the others.
    ///
    /// - Parameter name: the name of a row for an operator.
    func readEach<Value>(
        _ rows: [Row], name: (Row) -> String, _ read: (Row) throws -> Value
    ) -> [Value] {
        rows.compactMap { row in
            do { return try read(row) } catch {
                noteUnreadable(name(row), error)
                return nil
            }
        }
    }

    /// Notes a value that was left out.
    package func noteUnreadable(_ name: String, _ error: any Error) {
        let reason = (error as? StorageError)?.reason ?? "\(type(of: error))"
        unreadable.withLock { $0[String(name.prefix(200))] = reason }
    }

    /// The problems of the values that reads left out, in the order of their names.
    package var unreadableProblems: [String] {
        unreadable.withLock { unreadable in
            unreadable.sorted { $0.key < $1.key }.map { name, reason in
                "the database's \(name) cannot be read and is skipped: \(reason)"
            }
        }
    }
}
