import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Simulation
import Storage

extension UtilityCommands {
    struct Suggest: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "suggest",
            abstract: "Show the utility factors that follow from a table of scores, or from the record.",
            discussion: """
                Prints the difference to the worker type's definition, and changes nothing. A table contains the work that \
                a unit of capacity does in an hour, for example a benchmark of one core, as instance_type,score. Without a \
                table the score is the share of the paid time of the last 30 days in which workers of the type could run \
                tasks. The record contains boots and failed starts, but not the speed of a machine.

                Example: aws-provisioner utility suggest build-linux --table scores.csv
                """)

        /// The time of the record. Seconds.
        private static let window: TimeInterval = 30 * 86_400

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @Option(
            help: ArgumentHelp("Scores as instance_type,score; - is standard input.", valueName: "file"),
            completion: .file(extensions: ["csv"]))
        var table: String?
        @Option(
            help: ArgumentHelp(
                "The instance type with the factor 1. Default: the type with the median score.",
                valueName: "instance-type"))
        var reference: String?
        @OptionGroup var json: JSONOption

        func run() async throws {
            let deployment = try common.deployment()
            let database = try deployment.openDatabase(.readOnly)
            let type = try database.workerType(workerType.name)
            let scores: UtilityScores =
                if let table {
                    .table(
                        try InstanceTypeScores.read(csv: await InputFile.read(table), source: table),
                        source: table)
                } else {
                    .record(
                        try database.launches.workingTimes(
                            of: type.name, since: Date().addingTimeInterval(-Self.window)))
                }
            if let reference { try check(reference, of: type, scores) }
            let suggestion = UtilitySuggestion(
                for: type.definition, scores: scores.values, reference: reference,
                reading: deployment.settings.rules.utility)
            let report = UtilityReport(
                type: type, scores: scores, suggestion: suggestion, reading: deployment.settings.rules.utility
            )
            if json.isSet { return try Terminal.print(document: report.json) }
            report.show()
        }

        /// Throws for a reference that the worker type does not use, or that has no score.
        private func check(_ reference: String, of type: WorkerType, _ scores: UtilityScores) throws {
            let types = type.definition.instanceTypes.map(\.instanceType)
            guard types.contains(reference) else {
                throw CommandFailure(
                    .usage,
                    "--reference: \(type.name) has no instance type \(reference)"
                        + NearestName.hint(reference, among: types))
            }
            guard scores.values[reference] != nil else {
                throw CommandFailure(
                    .dataError,
                    "--reference: \(reference) has no score: \(scores.reasonWithoutScore(reference))")
            }
        }
    }
}
