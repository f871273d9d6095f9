import AWS
import ArgumentParser
import Configuration
import Cryptography
import Domain
import EC2
import FoundationEssentials
import HTTPTransport
import Logging
import Platform
import Provisioning
import Reporting
import Storage
import Taskcluster

struct Iterate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "iterate", abstract: "Run one iteration: fetch, decide, submit, record.")

    @OptionGroup var common: CommonOptions
    @Flag(help: "Fetch and decide; submit and terminate nothing.") var dryRun = false
    @Flag(help: "The full decision as JSON on standard output.") var json = false
    @Option(help: "Seconds that the iteration may take.") var deadline: Double?

    func run() async throws {
        let settings = try common.settings()
        try settings.requireForIterating()
        let length = deadline ?? settings.deadline
        guard length > 0, length < 1e7 else { throw CommandFailure(.usage, "--deadline must be above 0") }
        let log = Logger(label: "iterate") { LogOutput(label: $0, settings: settings) }
        let credentials = try settings.taskclusterCredentials()
        let database = try settings.openDatabase()
        let lock = try IterationLock(database: settings.database, now: Date())
        let end = Date().addingTimeInterval(length)
        let environment = ProcessInfo.processInfo.environment
        let caller = ServiceCaller(http: HTTPClient(deadline: end, timeout: settings.callTimeout))
        let awsCredentials = CredentialsChain(
            environment: environment, caller: caller,
            cacheFile: CredentialsChain.cacheFile(forDatabase: settings.database),
            region: settings.regions.first)
        let queue = QueueClient(
            caller: caller, rootUrl: settings.taskclusterRootUrl ?? "", credentials: credentials)
        let iteration = ProvisioningIteration(
            database: database, deployment: settings.deployment,
            ec2: EC2Client(
                caller: caller, endpoint: Endpoint(environment: environment), credentials: awsCredentials),
            queue: queue,
            interruptions: settings.interruptionQueueUrl.map {
                InterruptionQueue(
                    caller: caller, url: $0, region: settings.regions.first ?? "us-east-1",
                    credentials: awsCredentials)
            }, declarations: settings.declareWorkerTypes ? queue : nil, calls: { caller.counts },
            deadline: end, dryRun: dryRun, clock: { Date() },
            random: { count in try SecureRandom.bytes(count) }, log: log)
        let report: IterationReport
        do {
            report = try await stoppable { try await iteration.run() }
        } catch {
            writeMetrics(settings, database, log)
            throw error
        }
        writeMetrics(settings, database, log)
        _ = consume lock
        if json { try Terminal.print(json: report.json) }
        if report.isMisconfigured { throw ExitCode(SystemExit.configuration.rawValue) }
        guard report.outcome == .success else { throw ExitCode(SystemExit.unavailable.rawValue) }
        if !dryRun, let url = settings.checkInUrl { await checkIn(url, log) }
    }

    /// Brings the metrics file up to date, also after an iteration that failed. That it cannot be written is told,
    /// and is no reason to fail: whoever watches sees that it grows old.
    private func writeMetrics(_ settings: Settings, _ database: ProvisionerDatabase, _ log: Logger) {
        guard let path = settings.metricsFile, !dryRun else { return }
        do {
            try MetricsFile.write(
                DeploymentMetrics.text(try Overview(database, iterations: 0, now: Date())), to: path)
        } catch {
            log.warning("\(error)")
        }
    }

    /// Tells whoever watches that an iteration went well.
    private func checkIn(_ url: String, _ log: Logger) async {
        do {
            let answer = try await HTTPClient().send(
                HTTPRequest(.get, url, timeout: 10, maxResponseBytes: 1 << 20))
            if !(200..<300).contains(answer.status) {
                log.warning("the check-in URL answered \(answer.status)")
            }
        } catch {
            log.warning("the check-in URL: \(error)")
        }
    }
}

extension Settings {
    /// What an iteration needs of the settings, after `requireForIterating`.
    var deployment: Deployment {
        Deployment(
            ownership: Ownership(provisionerId: provisionerId, keyPrefix: keyPrefix), regions: regions,
            baseUrl: baseUrl ?? "", rootUrl: taskclusterRootUrl ?? "", publicKey: publicKey, rules: rules,
            auditRetention: auditRetention)
    }

    /// The credentials for the Queue, when there are any.
    func taskclusterCredentials() throws -> TaskclusterCredentials? {
        guard let taskclusterClientId, let taskclusterAccessToken else { return nil }
        do {
            return try TaskclusterCredentials(
                clientId: taskclusterClientId, accessToken: taskclusterAccessToken.revealed,
                certificate: taskclusterCertificate?.revealed)
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }
}
