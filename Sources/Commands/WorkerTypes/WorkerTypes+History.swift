import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

extension WorkerTypes {
    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history", abstract: "Show who changed a worker type, when, and what.",
            discussion:
                "Removed worker types have a history too. The history says that a secret of the definition changed; its values are "
                + "not kept.\n\nExample: aws-provisioner worker-type history build-linux")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @Flag(help: "Show the worker type's secrets that were created and removed as well.") var secrets =
            false
        @OptionGroup var json: JSONOption

        private var name: String { workerType.name }

        /// Unicode scalars of a difference that are shown; `--json` has it whole.
        private static let longest = 500

        private func lines(of entry: AuditEntry) -> [String] {
            let lines = entry.differences.flatMap(\.lines)
            guard entry.action == .updated, lines.isEmpty else { return lines }
            return [entry.after == nil ? "the definitions are no longer kept" : "no difference"]
        }

        func run() throws {
            let database = try common.deployment().openDatabase(.readOnly)
            let entries = try database.audit.entries(workerType: name)
                .filter { $0.kind == .workerType || secrets && $0.kind == .secret }
            guard !entries.isEmpty else {
                try database.requireWorkerType(name)
                throw CommandFailure(.noInput, "no change of the worker type \(name) is on record")
            }
            if json.isSet { return try Terminal.print(document: ["changes": .array(entries.map(\.json))]) }
            for entry in entries {
                Terminal.print(
                    "\(entry.at.timestamp, .dim) \(SafeText.cut(entry.text, to: Self.longest))")
                Terminal.printDifferences(lines(of: entry), indent: "  ", limit: Self.longest)
            }
        }
    }
}

extension Author {
    /// `alice (edit)`, or `build-team (api)`.
    var text: String { "\(name) (\(means))" }
}

extension AuditEntry {
    /// `updated by alice (edit)`, or `secret 0f1e2d3c4b5a created by build-team (api)`.
    var text: String {
        // The name of a worker type stands before the text.
        let name = kind == .workerType ? "" : "\(kind.rawValue) \(subject) "
        return "\(name)\(action.rawValue) by \(author.text)" + (note.map { ", \($0)" } ?? "")
    }

    var json: JSONValue {
        [
            "id": .integer(id), "at": .string(at.timestamp), "author": .string(author.name),
            "means": .string(author.means), "action": .string(action.rawValue),
            "kind": .string(kind.rawValue),
            "subject": .string(subject), "workerType": workerType.map(JSONValue.string) ?? .null,
            "before": before ?? .null, "after": after ?? .null, "note": note.map(JSONValue.string) ?? .null,
            "differences": .array(differences.map(\.json)),
        ]
    }
}
