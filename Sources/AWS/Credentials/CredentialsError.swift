/// Why there are no credentials. Never contains a secret.
package struct CredentialsError: Error, CustomStringConvertible, Sendable {
    /// The source that failed; nil when no source is configured.
    package let source: String?
    package let reason: String
    /// Whether the same request may succeed later: the source sent no response, or throttled.
    package let isTransient: Bool

    init(_ source: String?, _ reason: String, isTransient: Bool = false) {
        self.source = source
        self.reason = reason
        self.isTransient = isTransient
    }

    package var description: String {
        source.map { "AWS credentials from \($0): \(reason)" } ?? "no AWS credentials: \(reason)"
    }
}
