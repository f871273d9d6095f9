/// The client of a request, and its scopes.
package struct Caller: Hashable, Sendable {
    /// Nil for a request without credentials.
    package let clientId: String?
    /// The client of the database that the credentials belong to, or were issued by. Nil when the database does not
    /// have the client.
    package let permanentClientId: String?
    package let scopes: Scopes
    /// The signed hash that the body must have; nil when none is signed.
    package let hash: String?

    package static let anonymous = Caller(clientId: nil, scopes: [], hash: nil)

    /// Adds the scopes of anonymous callers.
    package init(clientId: String?, permanentClientId: String? = nil, scopes: [String], hash: String?) {
        self.clientId = clientId
        self.permanentClientId = permanentClientId
        self.scopes = Scopes(scopes + [Scopes.anonymous])
        self.hash = hash
    }
}
