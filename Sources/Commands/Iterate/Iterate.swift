import ArgumentParser
import Configuration
import Cryptography
import Domain
import FoundationEssentials
import HTTPTransport
import Logging
import Platform
import Provisioning
import Reporting
import Storage

struct Iterate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "iterate", abstract: "Run one iteration: fetch, decide, submit, record.",
        discussion: "Example: aws-provisioner iterate --dry-run --json")

    @OptionGroup var common: CommonOptions
    @Flag(help: "Fetch and decide; change nothing.") var dryRun = false
    @OptionGroup var json: JSONOption
    @Option(help: "Timeout of the iteration, as 5m. Default: the setting deadline.") var deadline:
        DurationArgument?

    func run() async throws {
        let deployment = try common.deployment()
        let settings = deployment.settings
        try settings.requireForIterating()
        try DatabaseLocation(settings).check()
        let timeout = deadline?.seconds ?? settings.deadline
        guard timeout > 0, timeout < 1e7 else { throw CommandFailure(.usage, "--deadline must be above 0") }
        let log = Logger(label: "iterate") { LogOutput(label: $0, settings: settings) }
        let end = Date().addingTimeInterval(timeout)
        let caller = ServiceCaller(
            http: HTTPClient(
                deadline: end, timeout: settings.callTimeout,
                connectionsPerHost: max(16, settings.queueConcurrency)),
            callsAtOnce: ["queue": settings.queueConcurrency])
        let queue = try deployment.queue(caller)
        try DatabaseFile.check(settings.database)
        let lock = try IterationLock(database: settings.database, now: Date())
        let database =
            dryRun ? try deployment.openDatabase(.full) : try deployment.openMigrated(by: "iterate")
        if let copy = database.copyBeforeUpdate {
            log.notice("the database was brought up to date; the database before that is \(copy)")
        }
        let aws = deployment.aws(caller)
        let iteration = ProvisioningIteration(
            database: database, deployment: Deployment(deployment), ec2: aws.ec2, queue: queue,
            interruptions: aws.interruptions,
            declarations: settings.declareWorkerTypes ? queue : nil, calls: { caller.statistics },
            deadline: end, dryRun: dryRun,
            clock: { Date() }, random: { count in try SecureRandom.bytes(count) }, log: log)
        let report: IterationReport
        do {
            report = try await withCancellationBySignals { try await iteration.run() }
        } catch {
            writeMetrics(settings, database, log)
            throw error
        }
        writeMetrics(settings, database, log)
        _ = consume lock
        if json.isSet { try Terminal.print(document: DeprecatedMembers.added(to: report.json)) }
        if report.isMisconfigured { throw ExitCode(SystemExit.configuration.rawValue) }
        let worked = report.outcome == .success || report.outcome == .degraded
        guard worked else { throw ExitCode(SystemExit.unavailable.rawValue) }
        if dryRun { return }
        if let url = settings.heartbeatUrl { await request(url, of: "heartbeatUrl", log) }
        if report.outcome == .degraded, let url = settings.degradedUrl {
            await request(url, of: "degradedUrl", log)
        }
    }

    /// Writes the metrics file, also after a failed iteration. A failure is logged and does not fail the iteration: the
    /// monitoring system detects an old file.
    private func writeMetrics(_ settings: Settings, _ database: ProvisionerDatabase, _ log: Logger) {
        guard let path = settings.metricsFile, !dryRun else { return }
        do {
            try MetricsFile.write(
                try DeploymentMetrics.text(of: database, now: Date()), to: path)
        } catch {
            log.warning("\(error)")
        }
    }

    /// Requests the URL of a setting. A failure is logged and does not fail the iteration.
    private func request(_ url: String, of setting: String, _ log: Logger) async {
        do {
            let response = try await HTTPClient().send(
                HTTPRequest(.get, url, timeout: 10, maxResponseBytes: 1 << 20))
            if !(200..<300).contains(response.status) {
                log.warning("the URL of the setting \(setting) responded with status \(response.status)")
            }
        } catch {
            log.warning("the URL of the setting \(setting): \(error)")
        }
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
