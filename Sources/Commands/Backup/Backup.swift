import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database into a new file while it is in use.",
        discussion: """
            The copy is a consistent snapshot. It is checked, and only its owner can read it. It does not contain the \
            encryption key: back up the key separately. In a folder the copy is named after the time. `restore` restores \
            the copy. `status`, `explain` and `events` read a copy without the key, with --database.

            Example: aws-provisioner backup --keep 14 /var/backups/aws-provisioner
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The new file, or an existing folder.", completion: .file()) var file: String
    @Option(
        help: ArgumentHelp(
            "In a folder: delete the oldest copies until this number remains, after the new copy was checked.",
            valueName: "number"))
    var keep: Int?
    @OptionGroup var json: JSONOption

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep must be at least 1") }
    }

    func run() throws {
        let deployment = try common.deployment()
        let folder = BackupFolder(file, database: deployment.settings.database)
        if keep != nil, folder == nil {
            throw CommandFailure(.usage, "--keep needs an existing folder: \(file) is none")
        }
        let path = folder?.file(at: Date()) ?? file
        let size = try deployment.openDatabase(.full).backUp(to: path)
        let deleted = try keep.flatMap { try folder?.deleteOldest(keeping: $0, newest: path) } ?? []
        if json.isSet {
            return try Terminal.print(document: [
                "file": .string(path), "bytes": .integer(size),
                "deleted": .array(deleted.map(JSONValue.string)),
            ])
        }
        Terminal.print("\(path): \((Double(size) / 1e6).formatted(decimals: 1)) MB, checked")
        for old in deleted { Terminal.print("\(old): deleted") }
    }
}
