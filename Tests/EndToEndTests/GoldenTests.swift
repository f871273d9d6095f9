import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

/// Texts that users and their programs read. `WRITE_GOLDEN_FILES=1 Tests/run --filter GoldenTests` writes them anew.
@Suite("The golden file")
struct GoldenTests {
    /// The words of each command, from the description of the parser.
    private func commands(of command: JSONObject, _ words: [String] = []) -> [[String]] {
        let subcommands = command.list("subcommands").filter { $0.text("commandName") != "help" }
        return [words]
            + subcommands.flatMap { subcommand in
                commands(of: subcommand, words + [subcommand.text("commandName") ?? ""])
            }
    }

    @Test("of help contains the help text of every command")
    func help() async throws {
        let described = try await Command.run(Paths.provisioner, ["--experimental-dump-help"])
        let root = try JSONValue(parsing: Data(described.output.utf8)).objectValue?["command"]?.objectValue
        let commands = commands(of: try #require(root))
        #expect(commands.count > 20)
        var text = ""
        for words in commands {
            let shown = try await Command.run(
                Paths.provisioner, words + ["--help"], environment: ["COLUMNS": "80"])
            #expect(shown.status == 0, "\(shown.errors)")
            let isLeaf = !commands.contains { $0.count > words.count && $0.starts(with: words) }
            #expect(shown.output.contains("Example: ") == isLeaf, "\(words)")
            text += "$ \((["aws-provisioner"] + words).joined(separator: " ")) --help\n\(shown.output)\n"
        }
        let difference = try GoldenFile("help.txt").difference(from: text)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test("of status contains the JSON of a constant database", arguments: OlderDatabase.all)
    func status(of older: OlderDatabase) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("provisioner.sqlite")
        let statements = try older.statements
        try await DatabaseQueue(path: path).writeWithoutTransaction { db in try db.execute(sql: statements) }
        for (name, text) in [("provisioner.sqlite.key", older.key + "\n"), ("provisioner.sqlite", nil)] {
            if let text { _ = try folder.write(text, to: name) }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: folder.file(name))
        }
        // `status` may not change an older schema. This command does, and changes nothing else.
        let migrated = try await Command.run(
            Paths.provisioner, ["migrate"], environment: ["AWS_PROVISIONER_DATABASE": path])
        #expect(migrated.status == 0, "\(migrated.errors)")
        let offset = older.time - Int(Date().timeIntervalSince1970)
        let shown = try await Command.run(
            Paths.provisioner, ["status", "--json"],
            environment: [
                "AWS_PROVISIONER_DATABASE": path, "LD_PRELOAD": Paths.movedClock,
                "CLOCK_OFFSET": "\(offset)",
            ])
        #expect(shown.status == 0, "\(shown.errors)")
        let difference = try GoldenFile("status-\(older.name).json").difference(from: shown.output)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
