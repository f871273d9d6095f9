import Configuration
import Cryptography
import Domain
import FoundationEssentials
import HTTPTransport
import Logging
import Platform
import Provisioning
import Storage
import Taskcluster

/// What a command needs to run iterations: settings, services, the open database and the lock of iterations.
struct IterationRun: ~Copyable {
    let settings: Settings
    let database: ProvisionerDatabase
    let log: Logger
    private let deployment: DeploymentContext
    private let caller: ServiceCaller
    private let queue: QueueClient
    private let isDry: Bool
    /// Nothing is submitted after it.
    private let end: Date
    private let lock: IterationLock

    private init(
        _ deployment: DeploymentContext, _ database: ProvisionerDatabase, _ log: Logger,
        caller: ServiceCaller, queue: QueueClient, dryRun: Bool, end: Date, lock: consuming IterationLock
    ) {
        self.deployment = deployment
        self.caller = caller
        self.queue = queue
        settings = deployment.settings
        self.database = database
        self.log = log
        isDry = dryRun
        self.end = end
        self.lock = lock
    }

    /// Checks the settings, takes the lock of iterations and opens the database.
    ///
    /// - Parameter timeout: of the iterations, in seconds; nil for the setting `deadline`.
    static func begin(
        _ deployment: DeploymentContext, dryRun: Bool, timeout: TimeInterval? = nil
    ) throws -> IterationRun {
        let settings = deployment.settings
        try settings.requireForIterating()
        try DatabaseLocation(settings).check()
        let timeout = timeout ?? settings.deadline
        guard timeout > 0, timeout < 1e7 else { throw CommandFailure(.usage, "--deadline must be above 0") }
        let log = Logger(label: "iterate") { LogOutput(label: $0, settings: settings) }
        let end = Date().addingTimeInterval(timeout)
        let caller = ServiceCaller(
            http: HTTPClient(
                deadline: end, timeout: settings.callTimeout,
                connectionsPerHost: max(16, settings.queueConcurrency)),
            callsAtOnce: ["queue": settings.queueConcurrency])
        // Checks the settings of the Queue before the database is opened.
        let queue = try deployment.queue(caller)
        try DatabaseFile.check(settings.database)
        let lock = try IterationLock(database: settings.database, now: Date())
        let database =
            dryRun ? try deployment.openDatabase(.full) : try deployment.openMigrated(by: "iterate")
        if let copy = database.copyBeforeUpdate {
            log.notice("the database was brought up to date; the database before that is \(copy)")
        }
        return IterationRun(
            deployment, database, log, caller: caller, queue: queue, dryRun: dryRun, end: end, lock: lock)
    }

    /// Runs one iteration. SIGTERM and SIGINT stop it early.
    ///
    /// - Parameter rehearsal: the event of EC2 that a dry run assumes.
    func iterate(rehearsing rehearsal: Rehearsal? = nil) async throws -> IterationReport {
        let aws = deployment.aws(caller)
        let iteration = ProvisioningIteration(
            database: database, deployment: Deployment(deployment), ec2: aws.ec2, queue: queue,
            parameters: aws.parameters, quotas: aws.quotas, interruptions: aws.interruptions,
            declarations: settings.declareWorkerTypes ? queue : nil,
            notifications: deployment.notificationOutlets(HTTPClient()),
            calls: { [caller] in caller.statistics },
            deadline: end, dryRun: isDry, rehearsal: rehearsal,
            clock: { Date() }, random: { count in try SecureRandom.bytes(count) }, log: log)
        return try await withCancellationBySignals { try await iteration.run() }
    }
}

extension Deployment {
    /// The part of the deployment that an iteration needs, after `Settings.requireForIterating`.
    init(_ context: DeploymentContext) {
        let settings = context.settings
        self.init(
            ownership: context.ownership, regions: settings.regions, baseUrl: settings.baseUrl ?? "",
            rootUrl: settings.taskclusterRootUrl ?? "", publicKey: settings.publicKey, rules: settings.rules,
            fetchTimeout: settings.fetchTimeout, auditRetention: settings.auditRetention)
    }
}
