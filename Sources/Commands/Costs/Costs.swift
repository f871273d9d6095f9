import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct Costs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "costs", abstract: "Show what the instances cost, from launches and recorded prices.",
        discussion: """
            Costs are estimates by the rules of EC2's bill: by the second, at least a minute, and nothing for a spot \
            instance that EC2 interrupts in its first hour. Volumes, traffic and taxes are not included. Hours and days \
            are of UTC. The provisioner knows the launches of the last \(Int(Retention.launches / 86_400)) days. \
            `on-demand-prices import` stores on-demand prices; without them on-demand instances are unpriced.

            Example: aws-provisioner costs --by owner,day --since 7d
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "What the costs are divided by. Several values are separated by commas.")
    var by: [ListArgument<CostDimension>] = []
    @Option(help: "Show costs of this last time, at most 30d.") var since = DurationArgument(seconds: 86_400)
    @Flag(help: "Print comma-separated values with a header line.") var csv = false
    @OptionGroup var tables: TableOptions
    @OptionGroup var json: JSONOption

    func validate() throws {
        guard since.seconds <= Retention.launches else {
            throw ValidationError("--since must be at most \(RelativeTime.text(Retention.launches))")
        }
        guard !(csv && json.isSet) else { throw ValidationError("--csv and --json exclude each other") }
        let dimensions = by.values()
        guard Set(dimensions).count == dimensions.count else {
            throw ValidationError("--by names a dimension twice")
        }
    }

    func run() throws {
        let database = try common.deployment().openDatabase(.readOnly)
        let now = Date()
        let dimensions = by.isEmpty ? [.workerType] : by.values()
        let record = try CostRecord(database, since: now.addingTimeInterval(-since.seconds), now: now)
        let output = CostOutput(report: CostReport(record, by: dimensions))
        if json.isSet { return try Terminal.print(document: output.json) }
        Terminal.print(csv ? output.csv : output.lines(tables))
    }
}

extension CostDimension: ExpressibleByArgument {}
