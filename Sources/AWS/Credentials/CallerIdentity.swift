import Domain
import FoundationEssentials
package import HTTPTransport

/// The account and the principal that credentials belong to.
package struct CallerIdentity: Sendable, Hashable {
    package let account: String
    package let arn: String

    /// Asks STS. Every principal may make this call.
    ///
    /// - Parameter region: the region of STS when the environment names none.
    package static func of(
        _ credentials: any CredentialsProvider, environment: [String: String], region: String?,
        caller: ServiceCaller
    ) async throws -> CallerIdentity {
        let context = CredentialsContext(
            environment: environment, caller: caller, cache: CredentialsCache(path: nil), region: region,
            clock: { Date() })
        return try await SecurityTokenService(context, profileRegion: nil).callerIdentity(of: credentials)
    }
}
