import ArgumentParser
import Domain
import Formats
import Platform

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of what a command prints with --json.",
        discussion: """
            The schema is of the draft 2020-12. A new version of the program may add members to a document. A member that \
            is marked as deprecated is removed in a later version.

            Example: aws-provisioner schema worker-type list
            """)

    @Argument(
        help: "The words of the command.",
        completion: .list(CommandSchema.commands.flatMap { $0.split(separator: " ").map(String.init) }))
    var command: [String]
    @OptionGroup var json: JSONOption

    func run() throws {
        let name = command.joined(separator: " ")
        guard let schema = CommandSchema.document(of: name) else {
            throw CommandFailure(
                .usage,
                "no command \(name) prints JSON" + NearestName.hint(name, among: CommandSchema.commands))
        }
        try Terminal.print(json: .object(schema))
    }
}
