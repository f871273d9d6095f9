import ArgumentParser
import Configuration
import Domain
import Formats
import Platform
import Provisioning
import Storage

struct RehearseCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Show what the next decision would be after an event. Nothing changes.",
        subcommands: [Interruption.self, Refusal.self])

    struct Interruption: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "interruption", abstract: "Show the next decision after EC2 interrupts an instance.",
            discussion: """
                Runs two dry iterations, one as it is and one in which EC2 has interrupted the instance, and shows the differences.

                Example: aws-provisioner rehearse interruption i-0123456789abcdef0
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The id of the instance.", completion: .instances) var id: String
        @OptionGroup var tables: TableOptions
        @OptionGroup var json: JSONOption

        func run() async throws {
            let deployment = try common.deployment()
            let run = try IterationRun.begin(deployment, dryRun: true)
            let instances = try InstanceWithLaunch.all(in: run.database, ownership: deployment.ownership)
                .map(\.instance)
            guard let instance = instances.first(where: { $0.id == id }) else {
                throw CommandFailure(
                    .noInput,
                    "the last iteration saw no instance \(id) of this deployment"
                        + NearestName.hint(id, among: instances.map(\.id)))
            }
            guard !instance.state.isEnding else {
                throw CommandFailure(.dataError, "instance \(id) is \(instance.state.rawValue)")
            }
            try await RehearsalOutput(of: run, .interruption(instanceId: id)).show(tables, json)
        }
    }

    struct Refusal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "refusal",
            abstract: "Show the next decision when EC2 refuses the launches in a pool.",
            discussion: """
                Runs two dry iterations, one as it is and one in which EC2 refuses each launch in the pool with the code, and \
                shows the differences. A pool is a zone and an instance type.

                Example: aws-provisioner rehearse refusal InsufficientInstanceCapacity --pool "us-east-1a c5.xlarge"
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The error code of EC2.") var code: String
        @Option(help: "The pool, as \"us-east-1a c5.xlarge\".", completion: .pools) var pool: String
        @OptionGroup var tables: TableOptions
        @OptionGroup var json: JSONOption

        func run() async throws {
            let run = try IterationRun.begin(try common.deployment(), dryRun: true)
            let pools = try run.database.prices.all().map(\.pool)
            guard let pool = pools.first(where: { "\($0)" == pool }) else {
                throw CommandFailure(
                    .noInput,
                    "there is no pool \"\(pool)\" with a price"
                        + NearestName.hint(pool, among: pools.map { "\($0)" }))
            }
            if !EC2Codes.isKnown(response: code) {
                Terminal.printError(
                    "the provisioner does not distinguish the code \(code): it is treated as an unknown failure"
                        + "\(NearestName.hint(code, among: EC2Codes.responseCodes))")
            }
            try await RehearsalOutput(of: run, .refusal(code: code, pool: pool)).show(tables, json)
        }
    }
}
