import Foundation
import Platform

/// A process that ran to its end, and what it said.
package struct Command: Sendable {
    package let status: Int32
    /// Whether a signal ended it; `status` is the signal then.
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

/// A process that was started; it is killed when the value goes.
package final class RunningCommand: Sendable {
    private let process: ChildProcess
    private let folder: TemporaryFolder

    init(_ program: String, _ arguments: [String], environment: [String: String], input: String) throws {
        folder = try TemporaryFolder()
        // Nothing of the developer's own settings and credentials gets into a test.
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

    /// What it has written to standard error so far.
    package var errorsSoFar: String {
        (try? String(contentsOfFile: folder.file("err"), encoding: .utf8)) ?? ""
    }

    /// What it has written to standard output so far.
    package var outputSoFar: String {
        (try? String(contentsOfFile: folder.file("out"), encoding: .utf8)) ?? ""
    }

    /// Waits for its end.
    package func end() async throws -> Command {
        let ended = await process.end()
        let signal = ended & 0x7f
        return Command(
            status: signal == 0 ? (ended >> 8) & 0xff : signal, wasKilled: signal != 0,
            output: try String(contentsOfFile: folder.file("out"), encoding: .utf8),
            errors: try String(contentsOfFile: folder.file("err"), encoding: .utf8))
    }
}

/// Waits until something holds, looking again and again; false when it did not within the time.
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
