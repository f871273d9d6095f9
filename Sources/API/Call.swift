package import Auth
import CGI
package import Domain
package import FoundationEssentials
package import Storage

/// What the API serves from, and what it knows of its deployment.
package struct Service: Sendable {
    package let database: @Sendable () throws -> ProvisionerDatabase
    package let ownership: Ownership
    package let baseUrl: String
    package let rootUrl: String
    /// The name of the key pair of instances, if the deployment has one.
    package let keyName: @Sendable () throws -> String?
    /// Seconds between iterations.
    package let interval: TimeInterval
    /// Whose credentials worker credentials are made from; nil for the issuer in the database.
    package let issuer: (clientId: String, accessToken: String)?
    /// Whether a request with a body has to sign the payload hash.
    package let requirePayloadHash: Bool
    /// Which action launches: a definition that it has no place for is refused.
    package let requestMode: RequestMode
    /// Says what of a definition EC2 does not have; nil when that is not asked.
    package let launchProblems: (@Sendable (WorkerTypeDefinition) async throws -> [String])?
    /// Asks the auth service; nil when clients are known here.
    package let delegate: (@Sendable (CGIRequest) async throws -> Caller)?
    package let now: Date
    /// Gives that many random bytes.
    package let random: @Sendable (Int) throws -> [UInt8]

    package init(
        database: @escaping @Sendable () throws -> ProvisionerDatabase, ownership: Ownership, baseUrl: String,
        rootUrl: String, keyName: @escaping @Sendable () throws -> String?, interval: TimeInterval,
        issuer: (clientId: String, accessToken: String)?, requirePayloadHash: Bool = false,
        requestMode: RequestMode = .runInstances,
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
        self.requestMode = requestMode
        self.launchProblems = launchProblems
        self.delegate = delegate
        self.now = now
        self.random = random
    }

    /// Clients whose certificates never carry scopes of the provisioner's API.
    ///
    /// - Parameter configured: the issuer that the settings name.
    package static func workerIssuers(configured: String?) -> Set<String> {
        Set([ClientStore.issuer, configured].compactMap(\.self))
    }

    var workerIssuers: Set<String> { Self.workerIssuers(configured: issuer?.clientId) }
}

/// A request that was routed, authenticated, and read.
struct Call: Sendable {
    let service: Service
    let parameters: [String: String]
    let body: JSONValue
    let caller: Caller
    /// Takes what only the operator may know.
    let log: @Sendable (String) -> Void

    /// The author of the changes that this request makes.
    var author: Author { Author(caller.clientId ?? "anonymous", by: "api") }

    /// Throws when the caller's own scopes do not satisfy scopes that it hands on.
    func requireScopes(_ scopes: [String]) throws {
        let missing = caller.scopes.missing(of: scopes)
        if !missing.isEmpty { throw APIError.insufficientScopes(caller, missing: missing) }
    }

    /// A parameter of the path. The router has checked that it is there.
    subscript(parameter: String) -> String { parameters[parameter] ?? "" }

    static func json(_ value: JSONValue) throws -> CGIResponse {
        CGIResponse(
            status: 200, headers: [("Content-Type", "application/json; charset=utf-8")],
            body: Array(try value.serialized()))
    }

    static let noContent = CGIResponse(status: 204)
}

/// EC2 could not be asked in time.
package struct LaunchCheckUnavailable: Error, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}
