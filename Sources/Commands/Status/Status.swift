import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show capacities, the last iterations, failures, holds and the cost.",
        discussion: "Example: aws-provisioner status build-linux")

    @OptionGroup var common: CommonOptions
    @Argument(help: "Only this worker type.") var workerType: WorkerTypeArgument?
    @OptionGroup var tables: TableOptions
    @OptionGroup var json: JSONOption

    func run() throws {
        let database = try common.deployment().openDatabase(.readOnly)
        let now = Date()
        let name = workerType?.name
        let (overview, terminations) = try database.snapshot {
            (
                try Overview(database, workerType: name, now: now),
                try TerminationOverview(database, workerType: name, now: now)
            )
        }
        if let name, overview.lines.isEmpty {
            throw database.noWorkerType(name)
        }
        let report = StatusReport(overview, terminations)
        if json.isSet { return try Terminal.print(document: report.json) }
        Terminal.print(report.lines(tables))
    }
}
