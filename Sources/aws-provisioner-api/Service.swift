import API
import Auth
import Cryptography
import Dispatch
import Domain
import EC2
import FoundationEssentials
import HTTPTransport
import Settings
import Storage
import Synchronization

/// The API's view of the settings.
func service(_ settings: Settings, environment: [String: String]) -> Service {
    let database = LazyDatabase(settings)

    let issuer = settings.taskclusterClientId.flatMap { id in
        settings.taskclusterAccessToken.map { (clientId: id, accessToken: $0.revealed) }
    }
    var launchProblems: (@Sendable (WorkerTypeDefinition) async throws -> [String])?
    if settings.validateLaunch {
        launchProblems = { definition in
            try await LaunchCheck(settings, environment: environment).problems(with: definition)
        }
    }
    var delegate: (@Sendable (CGIRequest) async throws -> Caller)?
    if settings.auth == .taskcluster {
        delegate = { request in try await delegated(request, settings, database) }
    }
    return Service(
        database: { try database.open() },
        ownership: Ownership(provisionerId: settings.provisionerId, keyPrefix: settings.keyPrefix),
        baseUrl: settings.baseUrl ?? "", rootUrl: settings.taskclusterRootUrl ?? "",
        keyName: {
            try settings.publicKey.map {
                try settings.keyPrefix + ":" + KeyFingerprint.short(publicKey: $0)
            }
        }, interval: settings.interval, issuer: issuer, requirePayloadHash: settings.requirePayloadHash,
        requestMode: settings.rules.requestMode, launchProblems: launchProblems, delegate: delegate,
        now: Date(),
        random: { count in try SecureRandom.bytes(count) })
}

@Sendable private func delegated(
    _ request: CGIRequest, _ settings: Settings, _ database: LazyDatabase
) async throws -> Caller {
    guard let rootUrl = settings.taskclusterRootUrl else {
        throw AuthenticationUnavailable("TASKCLUSTER_ROOT_URL is not set")
    }
    return try await request.authenticate(
        by: DelegatedAuthenticator(
            http: HTTPClient(deadline: Date().addingTimeInterval(settings.callTimeout)), rootUrl: rootUrl,
            now: Date(), workerIssuers: Service.workerIssuers(configured: settings.taskclusterClientId),
            isFirstUse: { id, timestamp, nonce in
                try database.open().nonces.isFirstUse(
                    clientId: id, timestamp: timestamp, nonce: nonce, window: LocalAuthenticator.skew,
                    now: Date())
            }))
}

/// The database, opened when it is first needed.
private final class LazyDatabase: Sendable {
    private let settings: Settings
    private let opened = Mutex<ProvisionerDatabase?>(nil)

    init(_ settings: Settings) { self.settings = settings }

    func open() throws -> ProvisionerDatabase {
        try opened.withLock { opened in
            if let opened { return opened }
            let key = try EncryptionKeyFile.key(
                base64: settings.encryptionKey?.revealed,
                path: settings.encryptionKeyFile ?? EncryptionKeyFile.path(forDatabase: settings.database))
            let database = try ProvisionerDatabase(path: settings.database, key: key)
            opened = database
            return database
        }
    }
}

/// Asks EC2 for the images and security groups that a definition names, in every managed region of it at once.
private struct LaunchCheck {
    private let client: EC2Client
    private let regions: Set<String>

    init(_ settings: Settings, environment: [String: String]) {
        regions = Set(settings.regions)
        // The whole check has the time of one call: a client waits for it.
        let caller = ServiceCaller(
            http: HTTPClient(deadline: Date().addingTimeInterval(settings.callTimeout)))
        client = EC2Client(
            caller: caller, endpoint: Endpoint(environment: environment),
            credentials: CredentialsChain(
                environment: environment, caller: caller,
                cacheFile: CredentialsChain.cacheFile(forDatabase: settings.database),
                region: settings.regions.first))
    }

    func problems(with definition: WorkerTypeDefinition) async throws -> [String] {
        do {
            return try await withThrowingTaskGroup(of: [String].self) { group in
                for named in definition.namedResources.sorted(by: { $0.key < $1.key })
                where regions.contains(named.key) {
                    group.addTask { try await missing(named.value, in: named.key) }
                }
                return try await group.reduce(into: []) { $0 += $1 }.sorted()
            }
        } catch let failure as ServiceFailure {
            throw LaunchCheckUnavailable("\(failure)")
        }
    }

    private func missing(_ named: NamedResources, in region: String) async throws -> [String] {
        async let images = existing(named.images) {
            try await client.existingImages($0, region: region)
        }
        async let names = existing(named.groupNames) {
            try await client.existingSecurityGroups($0, by: .name, region: region)
        }
        async let ids = existing(named.groupIds) {
            try await client.existingSecurityGroups($0, by: .id, region: region)
        }
        let lacking =
            named.images.subtracting(try await images).map { "image \($0)" }
            + named.groupNames.subtracting(try await names).map { "security group \($0)" }
            + named.groupIds.subtracting(try await ids).map { "security group \($0)" }
        return lacking.map { "\(region) has no \($0)" }
    }

    private func existing(
        _ wanted: Set<String>, _ ask: ([String]) async throws -> Set<String>
    ) async throws -> Set<String> {
        wanted.isEmpty ? [] : try await ask(wanted.sorted())
    }
}

/// Waits for asynchronous work on the only thread there is: the process has nothing else to do.
func waiting<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
    let result = Mutex<Value?>(nil)
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        let value = await work()
        result.withLock { $0 = value }
        done.signal()
    }
    while true {
        done.wait()
        if let value = result.withLock({ $0 }) { return value }
    }
}
