import Cryptography
import Domain
import FoundationEssentials
import GRDB

extension Schema {
    static let boundSeals = """
        -- The client that created a secret; NULL for the secret of a launch.
        ALTER TABLE secrets ADD COLUMN client_id TEXT;

        -- Worker credentials from a secret of a client, by the seed of their certificate. They end with the client.
        -- `client_id` is NULL after the client was removed.
        CREATE TABLE worker_credentials (
            seed TEXT PRIMARY KEY, client_id TEXT, scopes TEXT NOT NULL, expires INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX worker_credentials_by_client ON worker_credentials (client_id);

        -- Each accepted nonce is in `nonces`, or its timestamp is not above this one. `is_copy` marks a copy of the
        -- database, which lacks the nonces that were accepted after it was made.
        CREATE TABLE nonce_horizon (
            id INTEGER PRIMARY KEY CHECK (id = 1), timestamp INTEGER NOT NULL, is_copy INTEGER NOT NULL
        );
        INSERT INTO nonce_horizon VALUES (1, -1, 0);
        """

    /// Seals the tokens of clients and the contents of secrets anew, bound to further columns.
    static func bindSeals(_ db: Database, _ sealer: Sealer) throws {
        var opened = 0
        var failure: StorageError?
        func count(_ work: () throws -> Void) throws {
            do {
                try work()
                opened += 1
            } catch let error as StorageError {
                failure = failure ?? error
            }
        }
        for row in try Row.fetchAll(db, sql: "SELECT * FROM clients") {
            try count { try bindClient(row, db, sealer) }
        }
        let secrets = try Data.fetchAll(db, sql: "SELECT token_hash FROM secrets WHERE content IS NOT NULL")
        for hash in secrets {
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM secrets WHERE token_hash = ?", arguments: [hash])
            if let row { try count { try bindSecret(row, hash, db, sealer) } }
        }
        // A single damaged row is skipped. A wrong or missing key stops the migration.
        if opened == 0, let failure { throw failure }
    }

    private static func bindClient(_ row: Row, _ db: Database, _ sealer: Sealer) throws {
        let id: String = row["client_id"]
        let token = try sealer.open(row["access_token"], as: String.self, table: "clients", row: id)
        try db.execute(
            sql: "UPDATE clients SET access_token = ? WHERE client_id = ?",
            arguments: [
                try sealer.seal(
                    token, table: "clients", row: id, binding: ClientStore.boundColumns(row)), id,
            ])
    }

    private static func bindSecret(_ row: Row, _ hash: Data, _ db: Database, _ sealer: Sealer) throws {
        let place = Array(hash).hexadecimal
        let content = try SecretContent(
            stored: try sealer.openDocument(row["content"], table: "secrets", row: place))
        try db.execute(
            sql: "UPDATE secrets SET content = ? WHERE token_hash = ?",
            arguments: [
                try sealer.seal(
                    content, table: "secrets", row: place, binding: SecretStore.boundColumns(row)), hash,
            ])
    }
}
