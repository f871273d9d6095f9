import FoundationEssentials
import HTTPTransport

/// One source of credentials. It throws a `CredentialsError` when it is configured and fails. The chain stops there, as
/// in the AWS SDKs, so that a typing error never selects another identity.
protocol CredentialsSource: Sendable {
    func credentials() async throws -> CredentialsResponse
}

/// The response of a source.
enum CredentialsResponse: Sendable {
    case found(AWSCredentials)
    /// The source is not configured, for this reason.
    case absent(String)
}

/// The dependencies of the sources.
struct CredentialsContext: Sendable {
    let environment: [String: String]
    let caller: ServiceCaller
    let cache: CredentialsCache
    /// The region of STS when neither the environment nor the profile names one.
    let region: String?
    let clock: @Sendable () -> Date

    private var variables: ProfileVariables { ProfileVariables(environment: environment) }

    /// The value of a variable; nil for an empty one.
    subscript(variable: String) -> String? { variables[variable] }

    /// Replaces a leading `~/` by the home folder. Nil where `HOME` is not set.
    func expand(_ path: String) -> String? { variables.expand(path) }

    /// Returns cached credentials, or fetches new ones.
    ///
    /// Cached credentials that expire soon are returned when the source has no new ones.
    ///
    /// - Parameter identity: the texts that identify the source.
    func cached(
        _ identity: [String], fetch: () async throws -> CredentialsResponse
    ) async throws -> CredentialsResponse {
        let cached = cache[identity]
        if let cached, cached.isFresh(at: clock()) { return .found(cached) }
        // 30 seconds, so that they do not expire during a call.
        let fallback = cached.flatMap { $0.isValid(at: clock().addingTimeInterval(30)) ? $0 : nil }
        do {
            let response = try await fetch()
            switch response {
            case .found(let credentials): cache.store(credentials, for: identity, now: clock())
            case .absent: if let fallback { return .found(fallback) }
            }
            return response
        } catch {
            if let fallback { return .found(fallback) }
            throw error
        }
    }
}
