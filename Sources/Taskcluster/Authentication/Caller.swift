package import FoundationEssentials

/// Who a request comes from, and what it may do.
package struct Caller: Hashable, Sendable {
    /// Nil for a request without credentials.
    package let clientId: String?
    /// The client of the database that the credentials belong to, or were issued by. Nil when the database does not
    /// know the client.
    package let permanentClientId: String?
    package let scopes: Scopes
    /// The payload hash that was signed; the body has to fit it.
    package let hash: String?

    package static let anonymous = Caller(clientId: nil, scopes: [], hash: nil)

    /// Everybody's scopes are added.
    package init(clientId: String?, permanentClientId: String? = nil, scopes: [String], hash: String?) {
        self.clientId = clientId
        self.permanentClientId = permanentClientId
        self.scopes = Scopes(scopes + [Scopes.anonymous])
        self.hash = hash
    }
}

/// A client that may sign requests or issue temporary credentials.
package struct HawkClient: Sendable {
    package let clientId: String
    package let accessToken: String
    package let scopes: [String]
    package let expires: Date?

    package init(clientId: String, accessToken: String, scopes: [String], expires: Date?) {
        self.clientId = clientId
        self.accessToken = accessToken
        self.scopes = scopes
        self.expires = expires
    }

    func isExpired(at now: Date) -> Bool { expires.map { $0 <= now } ?? false }
}

/// The client whose secret worker credentials were made from.
package struct CredentialsOrigin: Hashable, Sendable {
    /// Nil when the client was removed.
    package let clientId: String?
    /// The scopes of the secret.
    package let scopes: [String]

    package init(clientId: String?, scopes: [String]) {
        self.clientId = clientId
        self.scopes = scopes
    }
}
