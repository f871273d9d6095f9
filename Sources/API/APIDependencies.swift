package import Domain
package import FoundationEssentials
package import Storage
package import Taskcluster

/// The database, the settings and the services of the API.
package struct APIDependencies: Sendable {
    package let database: @Sendable () throws -> ProvisionerDatabase
    package let ownership: Ownership
    package let baseUrl: String
    package let rootUrl: String
    /// The name of the key pair of instances; nil without a key pair.
    package let keyName: @Sendable () throws -> String?
    /// Seconds between iterations.
    package let interval: TimeInterval
    /// The issuer of worker credentials in the settings; nil for the issuer in the database.
    package let issuer: (clientId: String, accessToken: String)?
    /// Whether the signature of a request with a body must include the payload hash.
    package let requirePayloadHash: Bool
    /// How long an instance counts as booting after its check-in. Seconds.
    package let claimGrace: TimeInterval
    /// The action that launches. Definitions with values that the action does not support are refused.
    package let requestMode: RequestMode
    /// Returns the reasons for which EC2 would refuse the launches of a definition; nil without launch checks.
    package let launchProblems: (@Sendable (WorkerTypeDefinition) async throws -> [String])?
    /// Asks the auth service; nil if the clients are in the database.
    package let delegate: (@Sendable (CGIRequest) async throws -> Caller)?
    package let now: Date
    /// Returns the given number of random bytes.
    package let random: @Sendable (Int) throws -> [UInt8]

    package init(
        database: @escaping @Sendable () throws -> ProvisionerDatabase, ownership: Ownership, baseUrl: String,
        rootUrl: String, keyName: @escaping @Sendable () throws -> String?, interval: TimeInterval,
        issuer: (clientId: String, accessToken: String)?, requirePayloadHash: Bool = false,
        claimGrace: TimeInterval = ProvisioningRules().claimGrace, requestMode: RequestMode = .runInstances,
        launchProblems: (@Sendable (WorkerTypeDefinition) async throws -> [String])?,
        delegate: (@Sendable (CGIRequest) async throws -> Caller)?, now: Date,
        random: @escaping @Sendable (Int) throws -> [UInt8]
    ) {
        self.database = database
        self.ownership = ownership
        self.baseUrl = baseUrl
        self.rootUrl = rootUrl
        self.keyName = keyName
        self.interval = interval
        self.issuer = issuer
        self.requirePayloadHash = requirePayloadHash
        self.claimGrace = claimGrace
        self.requestMode = requestMode
        self.launchProblems = launchProblems
        self.delegate = delegate
        self.now = now
        self.random = random
    }

    /// The settings that decide whether EC2 accepts a definition.
    var launchSettings: LaunchSettings {
        LaunchSettings(requestMode: requestMode, ownership: ownership, baseUrl: baseUrl, rootUrl: rootUrl)
    }

    /// Clients whose certificates never carry scopes of the provisioner's API.
    ///
    /// - Parameter configured: the issuer in the settings.
    package static func workerIssuers(configured: String?) -> Set<String> {
        Set([ClientStore.issuer, configured].compactMap(\.self))
    }

    var workerIssuers: Set<String> { Self.workerIssuers(configured: issuer?.clientId) }
}
