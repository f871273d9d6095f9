import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage

extension WorkerTypes {
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply", abstract: "Store definitions: all of them, or none when one is wrong.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var definitions: DefinitionFiles
        @Flag(help: "As JSON.") var json = false

        func run() async throws {
            let documents = try definitions.documents()
            let deployment = try common.deployment()
            for document in documents { try await document.checkLaunchTemplates(deployment) }
            let settings = deployment.launchSettings
            let applied = try deployment.openDatabase(.full).workerTypes.apply(
                documents.map { document in
                    (document.name, { try document.definition(over: $0, with: settings) })
                },
                by: .operator(by: "apply"), now: Date())
            documents.forEach { $0.printNotes() }
            if json {
                return try Terminal.print(
                    json:
                        .array(
                            applied.map {
                                ["workerType": .string($0.after.name), "outcome": .string($0.outcome)]
                            }))
            }
            for item in applied { Terminal.print("\(item.after.name) \(item.outcome)") }
        }
    }
}

extension WorkerTypeStore.ApplyResult {
    var outcome: String { before == nil ? "created" : isUnchanged ? "unchanged" : "updated" }
}
