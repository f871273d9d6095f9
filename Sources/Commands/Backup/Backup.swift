import ArgumentParser
import Configuration
import Domain
import Formats
import Storage

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database into a new file while it is in use.",
        discussion: """
            The copy is a consistent snapshot. It is checked, and only its owner can read it. It does not contain the \
            encryption key: back up the key separately. `restore` restores the copy.

            Example: aws-provisioner backup /var/backups/aws-provisioner/monday.sqlite
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The new file.", completion: .file()) var file: String
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        let size = try common.deployment().openDatabase(.full).backUp(to: file)
        if json { return try Terminal.print(json: ["file": .string(file), "bytes": .integer(size)]) }
        Terminal.print("\(file): \((Double(size) / 1e6).formatted(decimals: 1)) MB, checked")
    }
}
