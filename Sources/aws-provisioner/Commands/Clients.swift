import ArgumentParser
import Auth
import Cryptography
import Domain
import FoundationEssentials
import Settings
import Storage

struct Clients: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Add, list and remove clients of the API, in local mode.",
        subcommands: [Add.self, List.self, Remove.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a client, and print its access token once and never again.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The client's id.") var id: String
        @Option(name: .customLong("scope"), help: "A scope; may be given several times.")
        var scopes: [String] = []
        @Option(help: "When it expires, as 2027-01-31T12:00:00Z.") var expires: String?
        @Option(help: "What it is for.") var description = ""

        func run() throws {
            guard !id.isEmpty, id.utf8.count <= 256, id.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
                !id.contains("\""), !id.contains("\\")
            else {
                throw CommandFailure(.usage, "the id must be 1 to 256 printable ASCII characters")
            }
            guard scopes.allSatisfy(Scopes.isValid) else {
                throw CommandFailure(.usage, "--scope must be printable ASCII")
            }
            let end = expires.flatMap { Date(timestamp: $0) }
            if expires != nil, end == nil {
                throw CommandFailure(.usage, "--expires must be a time such as 2027-01-31T12:00:00Z")
            }
            let token = try SlugID.pair { try SecureRandom.bytes($0) }
            let client = ClientRecord(
                clientId: id, scopes: scopes, expires: end, description: description,
                createdAt: Date().wholeMilliseconds)
            guard try common.settings().openDatabase().clients.add(client, accessToken: token) else {
                throw CommandFailure(.dataError, "there is a client \(id) already")
            }
            try printJSON(["clientId": .string(id), "accessToken": .string(token)])
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List all clients.")

        @OptionGroup var common: CommonOptions

        func run() throws {
            let clients = try common.settings().openDatabase().clients.list()
            try printJSON(
                .array(
                    clients.map { client in
                        [
                            "clientId": .string(client.clientId),
                            "scopes": .array(client.scopes.map(JSONValue.string)),
                            "expires": client.expires.map { .string($0.timestamp) } ?? .null,
                            "description": .string(client.description),
                            "createdAt": .string(client.createdAt.timestamp),
                        ]
                    }))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a client.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The client's id.") var id: String

        func run() throws {
            guard try common.settings().openDatabase().clients.remove(id) else {
                throw CommandFailure(.noInput, "there is no client \(id)")
            }
            print("\(id) removed")
        }
    }
}
