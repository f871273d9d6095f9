package import Formats
package import FoundationEssentials

/// A client of the API in local mode.
package struct ClientRecord: Hashable, Sendable {
    package let clientId: String
    package let scopes: [String]
    package let expires: Date?
    package let description: String
    package let createdAt: Date

    package init(clientId: String, scopes: [String], expires: Date?, description: String, createdAt: Date) {
        self.clientId = clientId
        self.scopes = scopes
        self.expires = expires
        self.description = description
        self.createdAt = createdAt
    }
}

extension ClientRecord {
    /// The client without its access token.
    package var json: JSONValue {
        [
            "clientId": .string(clientId), "scopes": .array(scopes.map(JSONValue.string)),
            "expires": expires.map { .string($0.timestamp) } ?? .null, "description": .string(description),
            "createdAt": .string(createdAt.timestamp),
        ]
    }
}
