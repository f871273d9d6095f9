public import FoundationEssentials

/// Who a request comes from, and what it may do.
public struct Caller: Hashable, Sendable {
    /// Nil for a request without credentials.
    public let clientId: String?
    /// The client of the database that the credentials belong to, or were issued by. Nil when the database does not
    /// know the client.
    public let permanentClientId: String?
    public let scopes: Scopes
    /// The payload hash that was signed; the body has to fit it.
    public let hash: String?

    public static let anonymous = Caller(clientId: nil, scopes: [], hash: nil)

    /// Everybody's scopes are added.
    public init(clientId: String?, permanentClientId: String? = nil, scopes: [String], hash: String?) {
        self.clientId = clientId
        self.permanentClientId = permanentClientId
        self.scopes = Scopes(scopes + [Scopes.anonymous])
        self.hash = hash
    }
}

/// A client that may sign requests or issue temporary credentials.
public struct KnownClient: Sendable {
    public let clientId: String
    public let accessToken: String
    public let scopes: [String]
    public let expires: Date?

    public init(clientId: String, accessToken: String, scopes: [String], expires: Date?) {
        self.clientId = clientId
        self.accessToken = accessToken
        self.scopes = scopes
        self.expires = expires
    }

    func isExpired(at now: Date) -> Bool { expires.map { $0 <= now } ?? false }
}

/// The client whose secret worker credentials were made from.
public struct CredentialsOrigin: Hashable, Sendable {
    /// Nil when the client was removed.
    public let clientId: String?
    /// The scopes of the secret.
    public let scopes: [String]

    public init(clientId: String?, scopes: [String]) {
        self.clientId = clientId
        self.scopes = scopes
    }
}
