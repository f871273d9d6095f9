import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage

extension WorkerTypes {
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply", abstract: "Store definitions: all of them, or none when one is wrong.",
            discussion: """
                Asks EC2 whether the images and security groups exist, and stores nothing if one does not. If EC2 does not \
                respond, a note says so, and the definitions are stored.

                Example: aws-provisioner worker-type apply build-linux.json
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var definitions: DefinitionFiles
        @OptionGroup var launchCheck: LaunchCheckOptions
        @OptionGroup var json: JSONOption

        func run() async throws {
            let documents = try await definitions.documents()
            let deployment = try common.deployment()
            let settings = deployment.launchSettings
            let store = try deployment.openDatabase(.full).workerTypes
            try WorkerTypeDocument.checkLaunches(documents, settings)
            try await launchCheck.check(documents.map { ($0.name, $0.written) }, deployment)
            let applied = try store.apply(
                documents.map { document in
                    (document.name, { try document.definition(over: $0, with: settings) })
                },
                by: .operator(by: "apply"), now: Date())
            documents.forEach { $0.printNotes() }
            if json.isSet {
                return try Terminal.print(document: [
                    "workerTypes": .array(
                        applied.map {
                            ["workerType": .string($0.after.name), "outcome": .string($0.outcome)]
                        })
                ])
            }
            for item in applied { Terminal.print("\(item.after.name) \(item.outcome)") }
        }
    }
}

extension WorkerTypeStore.ApplyResult {
    var outcome: String { before == nil ? "created" : isUnchanged ? "unchanged" : "updated" }
}
