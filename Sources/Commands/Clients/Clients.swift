import ArgumentParser
import Configuration
import Cryptography
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

struct Clients: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Add, list and remove clients of the API, in local mode.",
        subcommands: [Add.self, List.self, Remove.self, NarrowIssuer.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a client, and print its access token once and never again.",
            discussion:
                "Example: aws-provisioner client add ci --scope aws-provisioner:view-worker-type:build-linux --expires 2099-01-31T12:00:00Z"
        )

        @OptionGroup var common: CommonOptions
        @Argument(help: "The client's id.") var id: String
        @Option(
            name: .customLong("scope"), help: "A scope, which may contain commas; may be given several times."
        )
        var scopes: [String] = []
        @Option(help: "When it expires, as 2027-01-31T12:00:00Z.") var expires: String?
        @Option(help: "What it is for.") var description = ""
        @OptionGroup var json: JSONOption

        func run() throws {
            let end = expires.flatMap { Date(timestamp: $0) }
            if expires != nil, end == nil {
                throw CommandFailure(.usage, "--expires must be a time such as 2027-01-31T12:00:00Z")
            }
            let client = ClientRecord(
                clientId: id, scopes: scopes, expires: end, description: description,
                createdAt: Date().wholeMilliseconds)
            if let end, end <= Date() {
                throw CommandFailure(.usage, "--expires \(end.timestamp): is in the past")
            }
            let token = try SlugID.pair { try SecureRandom.bytes($0) }
            if !client.problems.isEmpty { throw CommandFailure(.usage, client.problems) }
            guard
                try common.deployment().openDatabase(.full).clients.add(
                    client, accessToken: token, by: .operator(by: "client add"))
            else {
                throw CommandFailure(.dataError, "there is a client \(id) already")
            }
            try Terminal.print(document: ["clientId": .string(id), "accessToken": .string(token)])
        }

    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all clients.",
            discussion: "Example: aws-provisioner client list")

        @OptionGroup var common: CommonOptions
        @OptionGroup var tables: TableOptions
        @OptionGroup var json: JSONOption

        func run() throws {
            let clients = try common.deployment().openDatabase(.readOnly).clients.list()
            if json.isSet || !Terminal.isOutput {
                return try Terminal.print(document: ["clients": .array(clients.map(\.json))])
            }
            var table = TextTable(
                "client", .init("scopes", .truncated), "expires", "created", .init("description", .truncated))
            for client in clients {
                table.add(
                    client.clientId, SafeText.cut(client.scopes.joined(separator: " ")),
                    client.expires?.timestamp ?? "never", client.createdAt.timestamp,
                    SafeText.cut(client.description))
            }
            Terminal.print(table.shown(tables))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove a client.",
            discussion: """
                Credentials that were made from the client end with it: temporary credentials, secrets that it created, \
                and the worker credentials from these. Worker types that it stored stay.

                Example: aws-provisioner client remove ci
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The client's id.", completion: .clients) var id: String
        @Flag(help: "Do not ask for confirmation on a terminal.") var yes = false
        @OptionGroup var json: JSONOption

        func run() throws {
            let clients = try common.deployment().openDatabase(.full).clients
            let ids = try clients.list().map(\.clientId)
            let missing = CommandFailure(
                .noInput, "there is no client \(id)" + NearestName.hint(id, among: ids))
            guard ids.contains(id) else { throw missing }
            if !yes, Terminal.isInteractive {
                try Terminal.requireConfirmation("Remove \(id)? Its credentials end at once.")
            }
            guard try clients.remove(id, by: .operator(by: "client remove"), now: Date()) else {
                throw missing
            }
            if json.isSet {
                return try Terminal.print(document: ["clientId": .string(id), "outcome": "removed"])
            }
            Terminal.print("\(id) removed")
        }
    }
}
