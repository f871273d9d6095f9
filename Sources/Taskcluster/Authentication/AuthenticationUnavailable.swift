/// The authentication service is not available. The request is never accepted.
package struct AuthenticationUnavailable: Error, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}
