/// Credentials that do not hold, and what the client is told of it. Never says what would have held.
public struct AuthenticationFailure: Error, Hashable, Sendable {
    public let message: String
    /// The value of a `WWW-Authenticate` header, where the client can do something about it.
    public let challenge: String?

    public init(_ message: String, challenge: String? = nil) {
        self.message = message
        self.challenge = challenge
    }
}

/// The service that is to authenticate cannot be asked. Never an acceptance.
public struct AuthenticationUnavailable: Error, Sendable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
