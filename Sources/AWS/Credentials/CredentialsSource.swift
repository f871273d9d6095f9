import FoundationEssentials
import HTTPTransport

/// One place where credentials may be. Throws a `CredentialsError` when it is configured and does not work: the chain
/// stops there, as in the AWS SDKs, so that a typing error never makes the deployment act as sourceCredentials else.
protocol CredentialsSource: Sendable {
    func credentials() async throws -> CredentialsResponse
}

/// What a source has.
enum CredentialsResponse: Sendable {
    case found(AWSCredentials)
    /// It is not configured; and how that shows.
    case absent(String)
}

/// What sources need of the world.
struct CredentialsContext: Sendable {
    let environment: [String: String]
    let caller: ServiceCaller
    let cache: CredentialsCache
    /// Where STS is asked when neither the environment nor the profile names a region.
    let region: String?
    let clock: @Sendable () -> Date

    /// The value of a variable; an empty one counts as unset.
    subscript(variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A path with `~/` for the home folder.
    func expand(_ path: String) -> String {
        path.hasPrefix("~/") ? (environment["HOME"] ?? "") + path.dropFirst() : path
    }

    /// Credentials that were fetched before, else new ones.
    ///
    /// Those that are about to end are used once more when no new ones are to be had.
    ///
    /// - Parameter identity: all that tells this source from every other.
    func cached(
        _ identity: [String], fetch: () async throws -> CredentialsResponse
    ) async throws -> CredentialsResponse {
        let known = cache[identity]
        if let known, known.isFresh(at: clock()) { return .found(known) }
        /// Not those that may end while a call with them is under way.
        let spare = known.flatMap { $0.outlast(clock().addingTimeInterval(30)) ? $0 : nil }
        do {
            let answer = try await fetch()
            switch answer {
            case .found(let credentials): cache.store(credentials, for: identity, now: clock())
            case .absent: if let spare { return .found(spare) }
            }
            return answer
        } catch {
            if let spare { return .found(spare) }
            throw error
        }
    }
}
