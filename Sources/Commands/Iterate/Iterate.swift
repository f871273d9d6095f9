import ArgumentParser
import Configuration
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
        let run = try IterationRun.begin(
            try common.deployment(), dryRun: dryRun, timeout: deadline?.seconds)
        let (settings, database, log) = (run.settings, run.database, run.log)
        let report: IterationReport
        do {
            report = try await run.iterate()
        } catch {
            writeMetrics(settings, database, log)
            throw error
        }
        writeMetrics(settings, database, log)
        _ = consume run
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
