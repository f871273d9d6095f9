/// Credentials that do not hold, and what the client is told of it. Never says what would have held.
package struct AuthenticationFailure: Error, Hashable, Sendable {
    package let message: String
    /// The value of a `WWW-Authenticate` header, where the client can do something about it.
    package let challenge: String?

    package init(_ message: String, challenge: String? = nil) {
        self.message = message
        self.challenge = challenge
    }
}

extension AuthenticationFailure {
    /// The one answer to an unknown client, a wrong access token and a forged certificate.
    static let unauthenticated = AuthenticationFailure(
        "unknown clientId, or bad mac: check the clientId and the access token")

    static let replayed = AuthenticationFailure(
        "replayed nonce, or a timestamp from before the oldest known nonce: sign the request again")

    static let multiple = AuthenticationFailure("multiple authentications: header and bewit")

    static let mutatingBewit = AuthenticationFailure("a bewit is valid for GET and HEAD only")
}

/// The service that is to authenticate cannot be asked. Never an acceptance.
package struct AuthenticationUnavailable: Error, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}
