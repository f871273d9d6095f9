package import FoundationEssentials
package import HTTPTransport

/// The sources of credentials in the AWS SDKs' order. The first configured source is used.
///
/// Source of the order: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
package actor CredentialsChain: CredentialsProvider {
    /// Seconds between requests to sources that failed or provided credentials that expire soon.
    private static let pause: TimeInterval = 30

    private let sources: [any CredentialsSource]
    private let cache: CredentialsCache
    private let clock: @Sendable () -> Date
    private var latest: (at: Date, outcome: Result<AWSCredentials, any Error>)?
    private var fetching: Task<AWSCredentials, any Error>?

    init(
        _ sources: [any CredentialsSource], cache: CredentialsCache,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.sources = sources
        self.cache = cache
        self.clock = clock
    }

    /// - Parameters:
    ///   - caller: calls the sources that use HTTP.
    ///   - cacheFile: the path of the cache; nil for no cache between invocations.
    ///   - region: the region of STS when neither the environment nor the profile names one.
    package init(
        environment: [String: String], caller: ServiceCaller = ServiceCaller(http: HTTPClient()),
        cacheFile: String? = nil, region: String? = nil, clock: @escaping @Sendable () -> Date = { Date() }
    ) {
        let cache = CredentialsCache(path: cacheFile)
        let context = CredentialsContext(
            environment: environment, caller: caller, cache: cache, region: region, clock: clock)
        self.init(
            [
                EnvironmentCredentials(context: context), WebIdentityCredentials(context: context),
                ProfileCredentials(context: context), ContainerCredentials(context: context),
                InstanceCredentials(context: context),
            ], cache: cache, clock: clock)
    }

    /// The path of a deployment's credentials cache, in the folder of its database.
    package static func cacheFile(forDatabase path: String) -> String { path + ".credentials" }

    /// Concurrent callers share one request.
    package func credentials() async throws -> AWSCredentials {
        if let latest {
            let now = clock()
            if case .success(let credentials) = latest.outcome, credentials.isFresh(at: now) {
                return credentials
            }
            if abs(now.timeIntervalSince(latest.at)) < Self.pause { return try latest.outcome.get() }
        }
        if let fetching { return try await fetching.value }
        let task = Task { try await resolve() }
        fetching = task
        let outcome = await task.result
        fetching = nil
        latest = (clock(), outcome)
        return try outcome.get()
    }

    package func discard(_ credentials: AWSCredentials) {
        guard case .success(credentials) = latest?.outcome else { return }
        latest = nil
        cache.remove(credentials)
    }

    private func resolve() async throws -> AWSCredentials {
        var absent: [String] = []
        for source in sources {
            switch try await source.credentials() {
            case .found(let credentials): return credentials
            case .absent(let reason): absent.append(reason)
            }
        }
        throw CredentialsError(nil, absent.joined(separator: "; "))
    }
}
