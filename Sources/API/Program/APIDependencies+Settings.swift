import Configuration
import Cryptography
import Domain
import FoundationEssentials
import HTTPTransport
import Storage
import Taskcluster

extension APIDependencies {
    /// Creates the dependencies from the settings.
    ///
    /// - Parameter log: writes a line to the log of the web server.
    init(
        _ settings: Settings, environment: [String: String], log: @escaping @Sendable (String) -> Void
    ) throws(Settings.Problems) {
        let context = DeploymentContext(settings, environment: environment)
        let database = LazyDatabase(context)
        let issuer = try settings.workerIssuer()
        var launchProblems: (@Sendable (WorkerTypeDefinition) async throws -> [String])?
        if settings.validateLaunch {
            launchProblems = { definition in
                let findings = try await LaunchCheck(context).findings(on: definition)
                for note in findings.notes { log(note) }
                return findings.problems
            }
        }
        var delegate: (@Sendable (CGIRequest) async throws -> Caller)?
        if settings.auth == .taskcluster {
            delegate = { request in try await Self.delegated(request, context, database) }
        }
        self.init(
            database: { try database.open() },
            ownership: context.ownership,
            baseUrl: settings.baseUrl ?? "", rootUrl: settings.taskclusterRootUrl ?? "",
            keyName: { try context.keyName() }, interval: settings.interval, issuer: issuer,
            requirePayloadHash: settings.requirePayloadHash,
            claimGrace: settings.rules.claimGrace, requestMode: settings.rules.requestMode,
            launchProblems: launchProblems, delegate: delegate,
            now: Date(),
            random: { count in try SecureRandom.bytes(count) })
    }

    private static func delegated(
        _ request: CGIRequest, _ context: DeploymentContext, _ database: LazyDatabase
    ) async throws -> Caller {
        let settings = context.settings
        guard let rootUrl = settings.taskclusterRootUrl else {
            throw AuthenticationUnavailable("TASKCLUSTER_ROOT_URL is not set")
        }
        return try await request.authenticate(
            by: DelegatedAuthenticator(
                http: context.interactiveHTTPClient(), rootUrl: rootUrl,
                now: Date(),
                workerIssuers: APIDependencies.workerIssuers(configured: settings.taskclusterClientId),
                isFirstUse: { id, timestamp, nonce in
                    try database.open().nonces.isFirstUse(
                        clientId: id, timestamp: timestamp, nonce: nonce, window: LocalAuthenticator.skew,
                        now: Date())
                }))
    }
}
