import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all worker types and clients as one JSON document, without secrets.",
        discussion: """
            `import` reads the document. "<secret>" replaces the value of a secret, and access tokens of clients are \
            omitted. `backup` makes a complete copy.

            Example: aws-provisioner export >definitions.json
            """)

    /// What the document calls itself, and its version.
    static let format = "aws-provisioner-export"
    static let version = 1

    @OptionGroup var common: CommonOptions
    @OptionGroup var json: JSONOption

    func run() throws {
        let database = try common.deployment().openDatabase(.readSecrets)
        let (types, unreadable) = try database.workerTypes.readable()
        try Terminal.print(document: [
            "format": .string(Self.format), "version": .integer(Int64(Self.version)),
            "exportedAt": .string(Date().timestamp),
            "workerTypes": .array(
                types.map { type in
                    var type = type
                    type.definition = type.definition.hidingSecrets
                    return type.json
                }),
            // The issuer is made by `init`, with a token of its own, wherever there is a database.
            "clients": .array(
                try database.clients.list().filter { $0.clientId != ClientStore.issuer }.map(\.json)),
        ])
        if !unreadable.isEmpty {
            throw CommandFailure(
                .dataError, unreadable.map { "\($0.name): not exported: it cannot be read: \($0.reason)" })
        }
    }
}
