import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct WorkerTypes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker-type", abstract: "Store, show, compare and remove worker types.",
        subcommands: [
            Example.self, Apply.self, Edit.self, Diff.self, List.self, Show.self, History.self, Pause.self,
            Resume.self, Remove.self, Validate.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all worker types.",
            discussion: "Example: aws-provisioner worker-type list --wide")

        @OptionGroup var common: CommonOptions
        @OptionGroup var tables: TableOptions
        @OptionGroup var json: JSONOption

        func run() throws {
            let database = try common.deployment().openDatabase(.readOnly)
            let store = database.workerTypes
            let paused = try database.pauses.active(at: Date()).byName(.workerType)
            if json.isSet {
                return try Terminal.print(document: [
                    "workerTypes": .array(
                        try store.names().map {
                            ["workerType": .string($0), "pause": paused[$0]?.json ?? .null]
                        })
                ])
            }
            var table = TextTable(
                "worker type", "min", "max", .init("instance types", .truncated), "paused",
                .init("regions", .truncated), "last modified")
            let (types, unreadable) = try store.withoutSecrets()
            for type in types.map(\.type) {
                table.add(
                    type.name, "\(type.definition.minCapacity)", "\(type.definition.maxCapacity)",
                    type.definition.instanceTypes.map(\.instanceType).joined(separator: ","),
                    paused[type.name]?.end ?? "no",
                    type.definition.regions.map(\.region).joined(separator: ","), type.lastModified.timestamp)
            }
            Terminal.print(table.shown(tables))
            if !unreadable.isEmpty {
                throw CommandFailure(
                    .dataError, unreadable.map { "\($0.name): cannot be read: \($0.reason)" })
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove a worker type.",
            discussion:
                "The next iteration cancels its spot requests and terminates its instances.\n\nExample: aws-provisioner worker-type remove build-linux"
        )

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @Flag(help: "Do not ask for confirmation on a terminal.") var yes = false
        @OptionGroup var json: JSONOption

        func run() throws {
            let name = workerType.name
            let database = try common.deployment().openDatabase(.full)
            try database.requireExistingWorkerType(name)
            if !yes, Terminal.isInteractive {
                try Terminal.requireConfirmation(
                    "Remove \(name)? The next iteration terminates its instances.")
            }
            guard try database.workerTypes.remove(name, by: .operator(by: "remove"), now: Date()) else {
                throw database.noWorkerType(name)
            }
            if json.isSet {
                return try Terminal.print(document: ["workerType": .string(name), "outcome": "removed"])
            }
            Terminal.print("\(name) removed")
        }
    }

    struct Validate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate", abstract: "Check definitions without storing them.",
            discussion: "Example: aws-provisioner worker-type validate *.json")

        @OptionGroup var definitions: DefinitionFiles
        @OptionGroup var json: JSONOption

        func run() async throws {
            let documents = try await definitions.documents()
            documents.forEach { $0.printNotes() }
            await reportScopes(of: documents)
            if json.isSet {
                return try Terminal.print(document: [
                    "workerTypes": .array(
                        documents.map { ["workerType": .string($0.name), "outcome": "valid"] })
                ])
            }
            for document in documents { Terminal.print("\(document.name) is valid") }
        }
    }
}
