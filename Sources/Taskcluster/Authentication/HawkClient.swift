package import FoundationEssentials

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
