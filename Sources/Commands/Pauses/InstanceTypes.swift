import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct InstanceTypes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instance-type", abstract: "List, pause and resume instance types.",
        subcommands: [List.self, Pause.self, Resume.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the instance types of all worker types.",
            discussion: "Example: aws-provisioner instance-type list")

        @OptionGroup var common: CommonOptions
        @OptionGroup var json: JSONOption

        func run() throws {
            let database = try common.deployment().openDatabase(.readOnly)
            let (counts, paused) = try database.snapshot {
                (
                    try database.workerTypes.countsByInstanceType(),
                    try database.pauses.active(at: Date()).byName(.instanceType)
                )
            }
            let names = Set(counts.keys).union(paused.keys).sorted()
            if json.isSet {
                return try Terminal.print(document: [
                    "instanceTypes": .array(
                        names.map { name in
                            [
                                "instanceType": .string(name),
                                "workerTypeCount": .integer(Int64(counts[name] ?? 0)),
                                "pause": paused[name]?.json ?? .null,
                            ]
                        })
                ])
            }
            var table = TextTable("instance type", "worker types", "paused")
            for name in names { table.add(name, "\(counts[name] ?? 0)", paused[name]?.end ?? "no") }
            Terminal.print(table.isEmpty ? ["no worker type has an instance type"] : table.shown())
        }
    }

    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Launch no new instance of a type.",
            discussion: """
                Running instances go on, and other instance types take the new capacity. `instance-type resume` or the time \
                --until ends it.

                Example: aws-provisioner instance-type pause c5.4xlarge --reason "driver problem"
                """)

        @Argument(help: "The instance type's name.", completion: .instanceTypes) var instanceType: String
        @OptionGroup var options: PauseOptions

        func run() throws {
            try options.pause(
                PauseSubject(.instanceType, instanceType), command: "instance-type pause"
            ) { _, database in
                let known = try database.workerTypes.countsByInstanceType().keys
                guard known.contains(instanceType) else {
                    throw CommandFailure(
                        .noInput,
                        "no worker type has the instance type \(instanceType)"
                            + NearestName.hint(instanceType, among: known))
                }
            }
        }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "End the pause of an instance type.",
            discussion: "Example: aws-provisioner instance-type resume c5.4xlarge")

        @Argument(help: "The instance type's name.", completion: .instanceTypes) var instanceType: String
        @OptionGroup var options: ResumeOptions

        func run() throws {
            try options.resume(
                PauseSubject(.instanceType, instanceType), command: "instance-type resume")
        }
    }
}

extension WorkerTypeStore {
    /// The number of worker types with each instance type.
    func countsByInstanceType() throws -> [String: Int] {
        try withoutSecrets().types.reduce(into: [:]) { counts, stored in
            for type in Set(stored.type.definition.instanceTypes.map(\.instanceType)) {
                counts[type, default: 0] += 1
            }
        }
    }
}
