import Domain
import Formats
import Foundation
import TestSupport
import Testing

/// EC2's service model in botocore.
enum ServiceModel {
    /// Serializes the parameters of many calls of an operation.
    static func written(_ operation: String, _ calls: [JSONObject]) async throws -> [[String: String]] {
        let wishes = calls.map { call -> JSONValue in
            ["operation": .string(operation), "parameters": .object(call)]
        }
        let answers = try await ask([], input: .array(wishes)).arrayValue ?? []
        try #require(answers.count == calls.count)
        return try zip(answers, calls).map { answer, call in
            let answer = try #require(answer.objectValue)
            #expect(answer["problem"] == .null, "\(call)")
            return (answer["pairs"]?.objectValue ?? [:]).compactMapValues(\.stringValue)
        }
    }

    /// The shape of an operation's input.
    static func input(of operation: String) async throws -> JSONObject {
        try #require(try await ask(["shape", operation], input: .null).objectValue)
    }

    private static func ask(_ arguments: [String], input: JSONValue) async throws -> JSONValue {
        let answer = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/ec2_parameters.py"] + arguments,
            input: String(decoding: try input.serialized(), as: UTF8.self))
        try #require(answer.status == 0, "\(answer.errors)")
        return try JSONValue(parsing: Data(answer.output.utf8))
    }
}
