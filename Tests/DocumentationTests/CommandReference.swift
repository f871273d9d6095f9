import Foundation
import TestSupport

/// A command of the program with its options, as the program describes itself.
struct CommandReference: Decodable {
    let commandName: String
    private let subcommands: [CommandReference]?
    private let arguments: [Argument]?

    private struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let kind: String
        let names: [Name]?
        let isRepeating: Bool

        var spellings: [String] { (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name } }
    }

    /// Reads the description from the built program.
    static func load() async throws -> CommandReference {
        struct Dump: Decodable { let command: CommandReference }
        let dumped = try await Command.run(Paths.provisioner, ["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(dumped.output.utf8)).command
    }

    /// The subcommands, without `help`.
    var children: [CommandReference] { (subcommands ?? []).filter { $0.commandName != "help" } }

    /// The full names of the commands that do something.
    var leaves: [String] {
        children.isEmpty
            ? [commandName] : children.flatMap(\.leaves).map { commandName + " " + $0 }
    }

    /// The long names of the command's own options, without the options that all commands have.
    var options: Set<String> {
        Set((arguments ?? []).flatMap(\.spellings).filter { $0.hasPrefix("--") })
            .subtracting(["--help", "--version"])
    }

    /// The long names of the options of this command and its subcommands.
    var allOptions: Set<String> { children.reduce(options) { $0.union($1.allOptions) } }

    /// Describes the first word of a call that the program does not know; nil if it knows all of them.
    func problem(in words: [String]) -> String? {
        guard let first = words.first else { return nil }
        if first == "help" { return problem(in: Array(words.dropFirst())) }
        // An option of the argument parser that the description leaves out.
        if first == "--generate-completion-script" { return nil }
        if !children.isEmpty, !first.hasPrefix("-") {
            guard let child = children.first(where: { $0.commandName == first }) else {
                return "\(commandName) has no command \(first)"
            }
            return child.problem(in: Array(words.dropFirst()))
        }
        return problemInArguments(words)
    }

    private func problemInArguments(_ words: [String]) -> String? {
        let known = arguments ?? []
        let takesPositional = known.contains { $0.kind == "positional" }
        // The option whose value may come next.
        var open: Argument?
        for word in words {
            if word.hasPrefix("-"), word != "-" {
                let name = word.split(separator: "=").first.map(String.init) ?? word
                guard let argument = known.first(where: { $0.spellings.contains(name) }) else {
                    return "\(commandName) has no option \(name)"
                }
                open = argument.kind == "option" ? argument : nil
            } else if let option = open {
                if !option.isRepeating { open = nil }
            } else if !takesPositional {
                return "\(commandName) takes no argument \(word)"
            }
        }
        return nil
    }
}
