package import Domain
package import FoundationEssentials
import GRDB

extension ProvisionerDatabase {
    /// The provisionerId that the database was created for. Nil in a database of an earlier version.
    package func provisionerId() throws -> String? {
        try readOnce { db in try String.fetchOne(db, sql: "SELECT provisioner_id FROM meta") }
    }

    /// Stores the provisionerId, and records the change of another one.
    package func setProvisionerId(_ id: String, by author: Author, now: Date) throws {
        let former = try provisionerId()
        guard former != id else { return }
        try write { db in
            try db.execute(sql: "UPDATE meta SET provisioner_id = ?", arguments: [id])
            if let former {
                try audit.add(
                    .updated, .database, "provisionerId", note: "\(former) replaced by \(id)", by: author,
                    now: now,
                    db)
            }
        }
    }
}
