/// Authentication failed. The message is safe to send to the client.
package struct AuthenticationFailure: Error, Hashable, Sendable {
    package let message: String
    /// The value of a `WWW-Authenticate` header that helps the client to correct its request.
    package let challenge: String?

    package init(_ message: String, challenge: String? = nil) {
        self.message = message
        self.challenge = challenge
    }
}

extension AuthenticationFailure {
    /// The failure for an unknown client, a wrong access token and a forged certificate alike.
    static let unauthenticated = AuthenticationFailure(
        "unknown clientId, or bad mac: check the clientId and the access token")

    static let replayed = AuthenticationFailure(
        "replayed nonce, or a timestamp from before the oldest known nonce: sign the request again")

    static let multiple = AuthenticationFailure("multiple authentications: header and bewit")

    static let mutatingBewit = AuthenticationFailure("a bewit is valid for GET and HEAD only")
}
