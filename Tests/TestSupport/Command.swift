import Foundation
import Platform

/// The result of a process.
package struct Command: Sendable {
    package let status: Int32
    /// Whether a signal ended the process. Then `status` is the signal.
    package let wasKilled: Bool
    package let output: String
    package let errors: String

    /// Starts a program and waits for its end.
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) async throws -> Command {
        try await start(program, arguments, environment: environment, input: input).end()
    }

    /// Starts a program.
    package static func start(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> RunningCommand {
        try RunningCommand(program, arguments, environment: environment, input: input)
    }
}

/// A running process. It is killed with the value.
package final class RunningCommand: Sendable {
    private let process: ChildProcess
    private let folder: TemporaryFolder

    init(_ program: String, _ arguments: [String], environment: [String: String], input: String) throws {
        folder = try TemporaryFolder()
        // Settings and credentials of the developer must not reach a test.
        let own = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "TMPDIR": folder.path]
        var start = ProcessLauncher(
            [program] + arguments, environment: own.merging(environment, uniquingKeysWith: { _, new in new }))
        start.input = .path(try folder.write(input, to: "in"))
        start.output = .path(try folder.write("", to: "out"))
        start.errors = .path(try folder.write("", to: "err"))
        process = try ChildProcess(start)
    }

    deinit { process.signal(SIGKILL) }

    package func signal(_ number: Int32) { process.signal(number) }

    /// Standard error so far.
    package var errorsSoFar: String {
        (try? String(contentsOfFile: folder.file("err"), encoding: .utf8)) ?? ""
    }

    /// Standard output so far.
    package var outputSoFar: String {
        (try? String(contentsOfFile: folder.file("out"), encoding: .utf8)) ?? ""
    }

    /// Waits for the end of the process.
    package func end() async throws -> Command {
        let ended = await process.end()
        let signal = ended & 0x7f
        return Command(
            status: signal == 0 ? (ended >> 8) & 0xff : signal, wasKilled: signal != 0,
            output: try String(contentsOfFile: folder.file("out"), encoding: .utf8),
            errors: try String(contentsOfFile: folder.file("err"), encoding: .utf8))
    }
}

/// Polls a condition until it is true. Returns false after the timeout.
package func eventually(
    within seconds: Double = 30, _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return try await condition()
}
