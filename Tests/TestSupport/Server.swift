import Foundation
import Platform

/// A server in Python on a loopback port that the system picks; it ends with the value, or with the test process.
package final class Server: Sendable {
    /// `http://127.0.0.1:port`
    package let url: String
    private let process: ChildProcess
    private let input = Pipe()
    private let output = Pipe()

    /// The server did not say where it listens.
    package struct NotStarted: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ script: String, _ arguments: [String] = []) throws {
        // It reads its input to the end, which comes when this process is gone.
        var start = ProcessLauncher([Paths.python, Paths.servers + script] + arguments)
        start.input = .descriptor(input.fileHandleForReading.fileDescriptor)
        start.output = .descriptor(output.fileHandleForWriting.fileDescriptor)
        process = try ChildProcess(start)
        try input.fileHandleForReading.close()
        try output.fileHandleForWriting.close()
        var line = Data()
        while !line.contains(0x0a) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw NotStarted(description: "\(script) ended before it listened") }
            line += more
        }
        guard let port = Int(String(decoding: line, as: UTF8.self).prefix { $0.isNumber }) else {
            throw NotStarted(description: "\(script) named no port")
        }
        url = "http://127.0.0.1:\(port)"
    }

    deinit { process.signal(SIGTERM) }

    /// Gives the server a JSON document at `/_control`, and takes its answer.
    @discardableResult
    package func control(_ document: String) async throws -> String {
        try await exchange("POST", "/_control", document)
    }

    /// Sends a request and gives the body of the answer.
    @discardableResult
    package func exchange(_ method: String, _ path: String, _ body: String = "") async throws -> String {
        let arguments = ["-sS", "-X", method, "--data-binary", "@-", url + path]
        let answer = try await Command.run("/usr/bin/curl", arguments, input: body)
        if answer.status != 0 { throw NotStarted(description: answer.errors) }
        return answer.output
    }
}
