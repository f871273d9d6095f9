public import Auth
import CGI
public import Domain
public import FoundationEssentials
public import Storage

/// What the API serves from, and what it knows of its deployment.
public struct Service: Sendable {
    public let database: @Sendable () throws -> ProvisionerDatabase
    public let ownership: Ownership
    public let baseUrl: String
    public let rootUrl: String
    /// The name of the key pair of instances, if the deployment has one.
    public let keyName: @Sendable () throws -> String?
    /// Seconds between iterations.
    public let interval: TimeInterval
    /// Whose credentials worker credentials are made from; nil for the issuer in the database.
    public let issuer: (clientId: String, accessToken: String)?
    /// Which action launches: a definition that it has no place for is refused.
    public let requestMode: RequestMode
    /// Says what of a definition EC2 does not have; nil when that is not asked.
    public let launchProblems: (@Sendable (WorkerTypeDefinition) async throws -> [String])?
    /// Asks the auth service; nil when clients are known here.
    public let delegate: (@Sendable (CGIRequest) async throws -> Caller)?
    public let now: Date
    /// Gives that many random bytes.
    public let random: @Sendable (Int) throws -> [UInt8]

    public init(
        database: @escaping @Sendable () throws -> ProvisionerDatabase, ownership: Ownership, baseUrl: String,
        rootUrl: String, keyName: @escaping @Sendable () throws -> String?, interval: TimeInterval,
        issuer: (clientId: String, accessToken: String)?, requestMode: RequestMode = .runInstances,
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
        self.requestMode = requestMode
        self.launchProblems = launchProblems
        self.delegate = delegate
        self.now = now
        self.random = random
    }
}

/// A request that was routed, authenticated, and read.
struct Call: Sendable {
    let service: Service
    let parameters: [String: String]
    let body: JSONValue
    /// Who asks; nil without credentials.
    let clientId: String?

    /// Whom a change that this request makes is put down to.
    var author: Author { Author(clientId ?? "anonymous", by: "api") }

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
public struct LaunchCheckUnavailable: Error, Sendable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
