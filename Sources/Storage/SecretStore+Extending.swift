import Cryptography
import Domain
import FoundationEssentials
import GRDB

extension SecretStore {
    /// Extends the life of the secret of a launch. The seal binds the time, so that the content is sealed anew.
    func extend(launch: String, until expires: Date, _ db: Database) throws {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM secrets WHERE launch_id = ? AND expires < ? AND removed_at IS NULL",
            arguments: [launch, expires.milliseconds])
        guard let row else { return }
        let hash: Data = row["token_hash"]
        let place = Array(hash).hexadecimal
        var content: Data? = row["content"]
        if let sealed = content {
            let secret = try SecretContent(
                stored: try database.sealer.openDocument(
                    sealed, table: "secrets", row: place, binding: Self.boundColumns(row)))
            content = try database.sealer.seal(
                secret, table: "secrets", row: place,
                binding: Self.bound(row["worker_type"], launch, expires.milliseconds, row["client_id"]))
        }
        try db.execute(
            sql: "UPDATE secrets SET expires = ?, content = ? WHERE token_hash = ?",
            arguments: [expires.milliseconds, content, hash])
    }
}
