import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

extension WorkerTypes {
    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "edit", abstract: "Change a definition in your editor.",
            discussion: """
                Opens the definition in $VISUAL, else $EDITOR, validates the result, shows the difference, and stores \
                it, unless the worker type was changed meanwhile. "<secret>" stands for the value of a secret: keep it \
                to keep the value. If the text could not be stored, it stays in the named file.

                Example: EDITOR=nano aws-provisioner worker-type edit build-linux
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @OptionGroup var launchCheck: LaunchCheckOptions
        @Flag(help: "Store without asking for confirmation.") var yes = false
        @OptionGroup var json: JSONOption

        private var name: String { workerType.name }

        func run() async throws {
            let deployment = try common.deployment()
            let database = try deployment.openDatabase(.full)
            let seen = try database.workerType(name)
            try TextEditor.requireEditor()
            let text =
                String(
                    decoding: try seen.definition.hidingSecrets.json.serialized(pretty: true), as: UTF8.self)
                + "\n"
            let editor = try TextEditor(text, name: name)
            let definition = try await edited(seen, in: editor, deployment.launchSettings)
            let lines = seen.definition.differences(to: definition).flatMap(\.lines)
            if definition == seen.definition {
                editor.remove()
                return try show("unchanged")
            }
            if !json.isSet { Terminal.printDifferences(lines) }
            if !yes, Terminal.isInteractive, !Terminal.confirm("Store this?", standard: true) {
                Terminal.printError("aws-provisioner: not stored; your text is in \(editor.path)")
                throw ExitCode(ExitCodeTable.no)
            }
            do {
                try await launchCheck.check([(name, definition)], deployment)
            } catch let failure as CommandFailure {
                throw failure.adding("; your text is in \(editor.path)")
            }
            let outcome = try database.workerTypes.replace(
                seen, with: definition, by: .operator(by: "edit"), now: Date())
            switch outcome {
            case .replaced:
                editor.remove()
                try show("updated")
            case .changedMeanwhile:
                throw CommandFailure(
                    .temporaryFailure,
                    "\(name) was changed meanwhile: nothing was stored; your text is in \(editor.path)")
            case .gone:
                throw CommandFailure(
                    .noInput,
                    "\(name) was removed meanwhile: nothing was stored; your text is in \(editor.path)")
            }
        }

        /// Prints the outcome, in the form of `apply`.
        private func show(_ outcome: String) throws {
            guard json.isSet else { return Terminal.print("\(name) \(outcome)") }
            try Terminal.print(document: [
                "workerTypes": [["workerType": .string(name), "outcome": .string(outcome)]]
            ])
        }

        /// The edited definition. On a terminal the user may edit an invalid text again.
        private func edited(
            _ seen: WorkerType, in editor: TextEditor, _ settings: LaunchSettings
        ) async throws -> WorkerTypeDefinition {
            while true {
                do {
                    let document = try await WorkerTypeDocument(
                        editor.edit(), name: seen.name, source: seen.name)
                    return try document.definition(over: seen, with: settings)
                } catch let failure as CommandFailure where failure.exit == .dataError {
                    guard Terminal.isInteractive else {
                        throw failure.adding("; your text is in \(editor.path)")
                    }
                    failure.show()
                    if !Terminal.confirm("Edit again?", standard: true) {
                        Terminal.printError("aws-provisioner: not stored; your text is in \(editor.path)")
                        throw ExitCode(ExitCodeTable.no)
                    }
                } catch let failure as CommandFailure {
                    editor.remove()
                    throw failure
                }
            }
        }
    }
}
