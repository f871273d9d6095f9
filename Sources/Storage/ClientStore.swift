public import Domain
public import FoundationEssentials
import GRDB

/// A client of the API in local mode.
public struct ClientRecord: Hashable, Sendable {
    public let clientId: String
    public let scopes: [String]
    public let expires: Date?
    public let description: String
    public let createdAt: Date

    public init(clientId: String, scopes: [String], expires: Date?, description: String, createdAt: Date) {
        self.clientId = clientId
        self.scopes = scopes
        self.expires = expires
        self.description = description
        self.createdAt = createdAt
    }
}

extension ClientRecord {
    /// The client without its access token.
    public var json: JSONValue {
        [
            "clientId": .string(clientId), "scopes": .array(scopes.map(JSONValue.string)),
            "expires": expires.map { .string($0.timestamp) } ?? .null, "description": .string(description),
            "createdAt": .string(createdAt.timestamp),
        ]
    }
}

/// Clients of the API in local mode. Their access tokens are sealed.
public struct ClientStore: Sendable {
    /// The client whose credentials worker credentials are made from, unless the settings name another.
    public static let issuer = "aws-provisioner/issuer"

    let database: ProvisionerDatabase

    /// Adds a client; false when there is one of this id.
    public func add(_ client: ClientRecord, accessToken: String, by author: Author = .program) throws -> Bool
    {
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO clients (client_id, access_token, scopes, expires, description, created_at)
                    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    client.clientId, try database.seal(accessToken, table: "clients", row: client.clientId),
                    try JSONCoding.encode(client.scopes), client.expires?.milliseconds, client.description,
                    client.createdAt.milliseconds,
                ])
            guard db.changesCount > 0 else { return false }
            try database.audit.add(
                .created, .client, client.clientId, after: client.json, by: author, now: client.createdAt, db)
            return true
        }
    }

    /// Changes what a client may do, its end and its description; its access token stays. False when there is none.
    public func update(_ client: ClientRecord, by author: Author, now: Date) throws -> Bool {
        try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM clients WHERE client_id = ?", arguments: [client.clientId])
            else { return false }
            try db.execute(
                sql: "UPDATE clients SET scopes = ?, expires = ?, description = ? WHERE client_id = ?",
                arguments: [
                    try JSONCoding.encode(client.scopes), client.expires?.milliseconds, client.description,
                    client.clientId,
                ])
            try database.audit.add(
                .updated, .client, client.clientId, before: try Self.client(row).json, after: client.json,
                by: author, now: now, db)
            return true
        }
    }

    public func list() throws -> [ClientRecord] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM clients ORDER BY client_id").map(Self.client)
        }
    }

    /// A client with its access token.
    public func get(_ clientId: String) throws -> (client: ClientRecord, accessToken: String)? {
        try database.readOnce { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM clients WHERE client_id = ?", arguments: [clientId])
            else { return nil }
            let token = try database.open(
                row["access_token"], as: String.self, table: "clients", row: clientId)
            return (try Self.client(row), token)
        }
    }

    /// - Returns: whether there was one.
    public func remove(_ clientId: String, by author: Author = .program, now: Date) throws -> Bool {
        try database.write { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM clients WHERE client_id = ?", arguments: [clientId])
            else { return false }
            try db.execute(sql: "DELETE FROM clients WHERE client_id = ?", arguments: [clientId])
            try database.audit.add(
                .removed, .client, clientId, before: try Self.client(row).json, by: author, now: now, db)
            return true
        }
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
