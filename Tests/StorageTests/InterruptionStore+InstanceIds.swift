import GRDB

@testable import Storage

extension InterruptionStore {
    /// The recorded instances, in the order of their ids.
    func instanceIds() throws -> [String] {
        try database.read { db in
            try String.fetchAll(db, sql: "SELECT instance_id FROM interruptions ORDER BY instance_id")
        }
    }
}
