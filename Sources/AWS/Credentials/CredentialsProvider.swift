/// A source of the credentials that calls are signed with.
package protocol CredentialsProvider: Sendable {
    /// Throws a `CredentialsError` that names the source that failed, with the reason.
    func credentials() async throws -> AWSCredentials

    /// Discards credentials that AWS reports as expired.
    func discard(_ credentials: AWSCredentials) async
}

/// Credentials that do not change.
struct FixedCredentials: CredentialsProvider {
    let fixed: AWSCredentials

    func credentials() -> AWSCredentials { fixed }

    func discard(_ credentials: AWSCredentials) {}
}
