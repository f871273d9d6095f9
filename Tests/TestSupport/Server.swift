import Foundation
import Platform

/// A Python server on a loopback port that the system selects. It ends with the value, or with the test process.
package final class Server: Sendable {
    /// `http://127.0.0.1:port`
    package let url: String
    private let process: ChildProcess
    private let input = Pipe()
    private let output = Pipe()

    /// The server did not print its port.
    package struct NotStarted: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter script: the name of a script in the folder of servers, or an absolute path.
    package init(_ script: String, _ arguments: [String] = []) throws {
        // The server ends at the end of its input, which is the end of this process.
        var start = ProcessLauncher(
            [Paths.python, script.hasPrefix("/") ? script : Paths.servers + script] + arguments)
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
            throw NotStarted(description: "\(script) printed no port")
        }
        url = "http://127.0.0.1:\(port)"
    }

    deinit { process.signal(SIGTERM) }

    /// Sends a JSON document to `/_control` of the server, and returns the response.
    @discardableResult
    package func control(_ document: String) async throws -> String {
        try await exchange("POST", "/_control", document)
    }

    /// Sends a request and returns the body of the response.
    @discardableResult
    package func exchange(_ method: String, _ path: String, _ body: String = "") async throws -> String {
        let arguments = ["-sS", "-X", method, "--data-binary", "@-", url + path]
        let response = try await Command.run("/usr/bin/curl", arguments, input: body)
        if response.status != 0 { throw NotStarted(description: response.errors) }
        return response.output
    }
}
