package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// Clients of the API in local mode. Their access tokens are sealed.
package struct ClientStore: Sendable {
    /// The client whose credentials worker credentials are made from, unless the settings name another.
    package static let issuer = "aws-provisioner/issuer"

    let database: ProvisionerDatabase

    /// Adds a client; false when there is a client with this id.
    package func add(_ client: ClientRecord, accessToken: String, by author: Author) throws -> Bool {
        try database.write { db in
            let columns = try Columns(client)
            try db.execute(
                sql: """
                    INSERT INTO clients (client_id, access_token, scopes, expires, description, created_at)
                    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    client.clientId, try seal(accessToken, of: client.clientId, columns), columns.scopes,
                    columns.expires, client.description, client.createdAt.milliseconds,
                ])
            guard db.changesCount > 0 else { return false }
            try database.audit.add(
                .created, .client, client.clientId, after: client.json, by: author, now: client.createdAt, db)
            return true
        }
    }

    /// Replaces scopes, expiry and description of a client, and keeps its access token. False when there is no such
    /// client.
    package func update(_ client: ClientRecord, by author: Author, now: Date) throws -> Bool {
        try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM clients WHERE client_id = ?", arguments: [client.clientId])
            else { return false }
            let columns = try Columns(client)
            let token = try accessToken(row)
            try db.execute(
                sql: """
                    UPDATE clients SET access_token = ?, scopes = ?, expires = ?, description = ?
                    WHERE client_id = ?
                    """,
                arguments: [
                    try seal(token, of: client.clientId, columns), columns.scopes, columns.expires,
                    client.description, client.clientId,
                ])
            try database.audit.add(
                .updated, .client, client.clientId, before: try Self.client(row).json, after: client.json,
                by: author, now: now, db)
            return true
        }
    }

    package func list() throws -> [ClientRecord] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM clients ORDER BY client_id").map(Self.client)
        }
    }

    /// Whether the encryption key opens the access token of a client, which shows that the key is right.
    func opensAnAccessToken() throws -> Bool {
        try database.readOnce { db in try Row.fetchAll(db, sql: "SELECT * FROM clients") }
            .contains { (try? accessToken($0)) != nil }
    }

    /// A client with its access token.
    ///
    /// For an unknown id it opens the issuer's token instead, so that the time does not reveal which clients exist.
    package func get(_ clientId: String) throws -> (client: ClientRecord, accessToken: String)? {
        try database.readOnce { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM clients WHERE client_id IN (?1, ?2) ORDER BY client_id = ?1 DESC LIMIT 1
                    """, arguments: [clientId, Self.issuer])
            guard let row else { return nil }
            let found = (client: try Self.client(row), accessToken: try accessToken(row))
            return found.client.clientId == clientId ? found : nil
        }
    }

    /// A client. Throws when its scopes or expiry differ from the sealed ones.
    func verified(_ clientId: String, _ db: Database) throws -> ClientRecord? {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM clients WHERE client_id = ?", arguments: [clientId])
        guard let row else { return nil }
        _ = try accessToken(row)
        return try Self.client(row)
    }

    /// Removes a client, its secrets, and the worker credentials from these secrets.
    ///
    /// - Returns: whether there was such a client.
    package func remove(_ clientId: String, by author: Author, now: Date) throws -> Bool {
        try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM clients WHERE client_id = ?", arguments: [clientId])
            else { return false }
            try db.execute(sql: "DELETE FROM clients WHERE client_id = ?", arguments: [clientId])
            try SecretStore(database: database).endAll(of: clientId, db)
            try database.audit.add(
                .removed, .client, clientId, before: try Self.client(row).json, by: author, now: now, db)
            return true
        }
    }

    /// The columns that the seal of an access token binds, in their stored form.
    private struct Columns {
        let scopes: String
        let expires: Int64?

        init(_ client: ClientRecord) throws {
            scopes = try JSONCoding.encode(client.scopes)
            expires = client.expires?.milliseconds
        }

        var bound: [String?] { [scopes, expires.map { String($0) }] }
    }

    static func boundColumns(_ row: Row) -> [String?] {
        [row["scopes"] as String, (row["expires"] as Int64?).map { String($0) }]
    }

    private func seal(_ accessToken: String, of clientId: String, _ columns: Columns) throws -> Data {
        try database.sealer.seal(accessToken, table: "clients", row: clientId, binding: columns.bound)
    }

    private func accessToken(_ row: Row) throws -> String {
        try database.sealer.open(
            row["access_token"], as: String.self, table: "clients", row: row["client_id"],
            binding: Self.boundColumns(row))
    }

    private static func client(_ row: Row) throws -> ClientRecord {
        let scopes: String = row["scopes"]
        return ClientRecord(
            clientId: row["client_id"],
            scopes: try JSONCoding.decode([String].self, from: scopes.utf8, what: "client's scopes"),
            expires: (row["expires"] as Int64?).map(Date.init(milliseconds:)),
            description: row["description"],
            createdAt: Date(milliseconds: row["created_at"]))
    }
}
