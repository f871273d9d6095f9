import ArgumentParser
import Domain
import Formats
import Glibc

/// An error of the argument parser, which may quote the command line.
struct ParserFailure {
    private let error: any Error

    init(_ error: any Error) { self.error = error }

    /// Ends the process as the argument parser does. What it says of a failure is escaped, also where an argument
    /// contains a line feed.
    func exit() -> Never {
        let code = Provisioner.exitCode(for: error)
        // Help, the version and completion scripts consist of this program's own text.
        guard !code.isSuccess else { Provisioner.exit(withError: error) }
        let message = Self.addingHint(
            to: Provisioner.fullMessage(for: error), arguments: Array(CommandLine.arguments.dropFirst()))
        if !message.isEmpty {
            Terminal.printError(
                TerminalText(escaped: Self.escaped(message, arguments: CommandLine.arguments)))
        }
        Glibc.exit(code.rawValue)
    }

    /// The message with a suggestion on its first line, if the arguments name a command that does not exist.
    static func addingHint(to message: String, arguments: [String]) -> String {
        var known = Provisioner.configuration.subcommands
        for (index, word) in arguments.enumerated() {
            if let command = known.first(where: { $0.configuration.commandName == word }) {
                known = command.configuration.subcommands
                continue
            }
            // `help` takes the words of a command.
            if index == 0, word == "help" { continue }
            guard !word.hasPrefix("-"), message.contains("'\(word)'"),
                let name = NearestName.of(word, among: known.compactMap { $0.configuration.commandName })
            else { return message }
            var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            lines[0] += ". Did you mean '\(name)'?"
            return lines.joined(separator: "\n")
        }
        return message
    }

    /// The message with its own line feeds and no other unsafe scalar.
    static func escaped(_ message: String, arguments: [String]) -> String {
        let quoted = arguments.flatMap { argument in
            // The value of `--option=value` is quoted alone.
            [argument] + (argument.split(separator: "=", maxSplits: 1).dropFirst().map(String.init))
        }
        var message = message.unicodeScalars
        for text in quoted {
            let safe = SafeText.escaped(text)
            // By scalars: in a message, a CR LF may have become one character with what stands beside it.
            if !safe.unicodeScalars.elementsEqual(text.unicodeScalars) {
                message.replace(text.unicodeScalars, with: safe.unicodeScalars)
            }
        }
        return message.split(separator: "\n", omittingEmptySubsequences: false)
            .map { SafeText.escaped(String($0)) }.joined(separator: "\n")
    }
}
