import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

extension Clients {
    struct NarrowIssuer: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "narrow-issuer",
            abstract: "Limit the issuer of worker credentials to the scopes that `init` gives it.",
            discussion: """
                An `init` of an earlier version gave the issuer every scope. The issuer keeps its access token. Worker \
                credentials that carry other scopes are refused from then on; name the scopes that workers need in the \
                setting workerScopes first.

                Example: aws-provisioner client narrow-issuer --dry-run
                """)

        @OptionGroup var common: CommonOptions
        @Flag(help: "Show the change, and store nothing.") var dryRun = false
        @OptionGroup var json: JSONOption

        func run() throws {
            let deployment = try common.deployment()
            let clients = try deployment.openDatabase(.full).clients
            guard let issuer = try clients.list().first(where: { $0.clientId == ClientStore.issuer }) else {
                throw CommandFailure(
                    .noInput, "there is no client \(ClientStore.issuer): make it with `aws-provisioner init`")
            }
            let narrowed = ClientRecord(
                clientId: issuer.clientId, scopes: deployment.settings.issuerScopes, expires: issuer.expires,
                description: issuer.description, createdAt: issuer.createdAt)
            let isChanged = Set(issuer.scopes) != Set(narrowed.scopes)
            if isChanged, !dryRun {
                _ = try clients.update(narrowed, by: .operator(by: "client narrow-issuer"), now: Date())
            }
            if json.isSet {
                return try Terminal.print(document: [
                    "clientId": .string(issuer.clientId), "outcome": isChanged ? "updated" : "unchanged",
                    "dryRun": .bool(dryRun), "scopesBefore": .array(issuer.scopes.map(JSONValue.string)),
                    "scopesAfter": .array(narrowed.scopes.map(JSONValue.string)),
                ])
            }
            Terminal.print(
                """
                \(dryRun ? "dry run, nothing stored: " : "")\(issuer.clientId) \
                \(isChanged ? "updated" : "unchanged")
                """)
            Terminal.printDifferences(
                JSONDifference.between(issuer.json, narrowed.json).flatMap(\.lines), indent: "  ")
        }
    }
}
