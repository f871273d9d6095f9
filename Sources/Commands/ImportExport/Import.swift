import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Store the output of `export`, or definitions of another provisioner, and report each change.",
        discussion: """
            Reads the document of `export`, an array of definitions, or one definition, also in the forms that the \
            original AWS Provisioner used since June 2015: lastModified, canUseOnDemand in either spelling, missing \
            empty parts. Names the members that mean something else here: utilities that differ, scopes, \
            canUseOndemand. Stores all or nothing. "<secret>" stands for the stored value. Missing clients are \
            reported and not created: only `client add` shows an access token.

            Example: aws-provisioner import --dry-run definitions.json
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Files; - is standard input.", completion: .file(extensions: ["json"])) var files:
        [String]
    @Flag(help: "Show the changes, and store nothing.") var dryRun = false
    @Flag(help: "Omit secrets without a stored value, instead of failing.") var withoutMissingSecrets =
        false
    @OptionGroup var launchCheck: LaunchCheckOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
        let content = try await ImportedContent(files)
        let deployment = try common.deployment()
        let database = try deployment.openDatabase(.full)
        let settings = deployment.launchSettings
        try await launchCheck.check(
            content.workerTypes.map { ($0.document.name, $0.document.written) }, deployment)
        var missing: [String: [String]] = [:]
        let applied = try database.workerTypes.apply(
            content.workerTypes.map { item in
                (
                    item.document.name,
                    { stored in
                        guard withoutMissingSecrets else {
                            return try item.document.definition(over: stored, with: settings)
                        }
                        let (definition, places) = try item.document.definitionWithoutMissing(
                            over: stored, with: settings)
                        missing[item.document.name] = places
                        return definition
                    }
                )
            }, dryRun: dryRun, by: .operator(by: "import"), now: Date())
        let originals = content.workerTypes.filter { !$0.isExported }.map(\.document)
        let original = await OriginalServiceNotes(
            deployment, clients: try database.clients.list(), definitions: originals.map(\.written))
        let types = zip(content.workerTypes, applied).map { item, applied in
            let definition = item.document.written
            return ImportReport.Item(
                name: applied.after.name, outcome: applied.outcome,
                notes: item.changes
                    + (missing[applied.after.name] ?? []).map { "\($0): left out: it has no value here" }
                    + [definition.ignoredZonesNote].compactMap(\.self)
                    + (item.isExported ? [] : original.notes(on: definition, of: item.document.name)),
                differences: applied.before?.definition.differences(to: applied.after.definition) ?? [])
        }
        let clients = try content.clients.map { try store($0, in: database) }
        let report = ImportReport(workerTypes: types, clients: clients, dryRun: dryRun)
        if json.isSet { return try Terminal.print(document: report.json) }
        report.show()
    }

    private func store(_ client: ClientRecord, in database: ProvisionerDatabase) throws -> ImportReport.Item {
        guard let known = try database.clients.list().first(where: { $0.clientId == client.clientId }) else {
            return ImportReport.Item(
                name: client.clientId, outcome: "not made",
                notes: ["make it, with a new access token: \(client.commandToAdd)"],
                differences: [])
        }
        let wanted = ClientRecord(
            clientId: client.clientId, scopes: client.scopes, expires: client.expires,
            description: client.description, createdAt: known.createdAt)
        if wanted == known {
            return ImportReport.Item(name: known.clientId, outcome: "unchanged", notes: [], differences: [])
        }
        if !dryRun { _ = try database.clients.update(wanted, by: .operator(by: "import"), now: Date()) }
        return ImportReport.Item(
            name: known.clientId, outcome: "updated", notes: [],
            differences: JSONDifference.between(known.json, wanted.json))
    }
}

/// What an import did with each thing.
struct ImportReport {
    struct Item {
        let name: String
        let outcome: String
        /// What was changed in the document before it was stored, and what is left to do.
        let notes: [String]
        /// To what was stored before.
        let differences: [JSONDifference]

        func json(_ nameMember: String) -> JSONValue {
            [
                nameMember: .string(name), "outcome": .string(outcome),
                "notes": .array(notes.map(JSONValue.string)),
                "differences": .array(differences.map(\.json)),
            ]
        }
    }

    let workerTypes: [Item]
    let clients: [Item]
    let dryRun: Bool

    var json: JSONObject {
        [
            "dryRun": .bool(dryRun), "workerTypes": .array(workerTypes.map { $0.json("workerType") }),
            "clients": .array(clients.map { $0.json("clientId") }),
        ]
    }

    func show() {
        for (kind, items) in [("worker type", workerTypes), ("client", clients)] {
            for item in items {
                Terminal.print("\(kind) \(item.name, .bold): \(item.outcome)")
                item.notes.forEach { Terminal.print("  \($0)") }
                Terminal.printDifferences(item.differences.flatMap(\.lines), indent: "  ")
            }
        }
        let all = workerTypes + clients
        let counts = ["created", "updated", "unchanged", "not made"].map { outcome in
            (outcome, all.count { $0.outcome == outcome })
        }.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        Terminal.print("\(dryRun ? "dry run, nothing stored: " : "")\(counts.joined(separator: ", "))")
    }
}
