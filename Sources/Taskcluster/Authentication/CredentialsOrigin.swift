/// The client that created the secret of worker credentials.
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
