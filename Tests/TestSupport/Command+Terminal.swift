import Foundation

extension Command {
    /// Runs a program on a terminal that shows colours. Standard error is part of the output.
    ///
    /// - Parameter input: the typed text.
    package static func runOnTerminal(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], columns: Int = 80,
        input: String = ""
    ) async throws -> Command {
        let ended = try await startOnTerminal(
            program, arguments, environment: environment, columns: columns, input: input
        ).end()
        return Command(
            status: ended.status, wasKilled: ended.wasKilled,
            output: ended.output.replacing("\r\n", with: "\n"), errors: ended.errors)
    }

    package static func startOnTerminal(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], columns: Int = 80,
        input: String = ""
    ) throws -> RunningCommand {
        let line = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let terminal = ["COLUMNS": "\(columns)", "TERM": "xterm"]
        return try start(
            "/usr/bin/script", ["-qec", line, "/dev/null"],
            environment: terminal.merging(environment, uniquingKeysWith: { $1 }), input: input)
    }
}

extension String {
    /// The text without sequences that set a style, move the cursor or erase a line.
    package var withoutEscapeSequences: String { replacing(/\u{1b}\[[0-9;]*[A-Za-z]/, with: "") }
}
