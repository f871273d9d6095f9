import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage

extension WorkerTypes {
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff", abstract: "Show what `apply` would change.",
            discussion:
                "Exits with 0 when it would change nothing, and with 1 when it would.\n\nExample: aws-provisioner worker-type diff *.json"
        )

        @OptionGroup var common: CommonOptions
        @OptionGroup var definitions: DefinitionFiles
        @OptionGroup var json: JSONOption

        func run() async throws {
            let documents = try await definitions.documents()
            let deployment = try common.deployment()
            let store = try deployment.openDatabase(.readSecrets).workerTypes
            var changed = false
            var objects: [JSONValue] = []
            for document in documents {
                let stored = try store.get(document.name)
                let definition = try document.definition(
                    over: stored, with: deployment.launchSettings)
                let differences = stored?.definition.differences(to: definition) ?? []
                let isSame = stored?.definition == definition
                changed = changed || !isSame
                objects.append([
                    "workerType": .string(document.name),
                    "outcome": stored == nil ? "created" : isSame ? "unchanged" : "updated",
                    "differences": .array(differences.map(\.json)),
                ])
                if json.isSet { continue }
                Terminal.print(
                    "\(document.name, .bold)\(stored == nil ? ": would be created" : isSame ? ": no change" : ":")"
                )
                Terminal.printDifferences(differences.flatMap(\.lines), indent: "  ")
            }
            if json.isSet { try Terminal.print(document: ["workerTypes": .array(objects)]) }
            if changed { throw ExitCode(1) }
        }
    }
}

extension JSONDifference {
    var json: JSONValue {
        ["path": .string(path), "old": old ?? .null, "new": new ?? .null]
    }
}
