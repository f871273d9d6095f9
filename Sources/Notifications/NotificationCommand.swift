package import Domain
import Formats
package import FoundationEssentials
import Platform

/// A program that receives each notification as a JSON document on its standard input.
///
/// Neither its arguments nor its output are part of a message: both may contain secrets.
package struct NotificationCommand: NotificationChannel {
    package let channel = NotificationRecipient.Channel.command
    private let words: [String]
    private let environment: [String: String]

    /// Bytes of standard output, and of standard error.
    private static let outputLimit = 1 << 20
    /// The variables that a program needs to run. The others may be secrets of this deployment.
    private static let variables: Set = ["PATH", "HOME", "LANG", "TMPDIR"]

    /// - Parameters:
    ///   - words: the program, looked up in `PATH`, and its arguments.
    ///   - environment: the environment of this process.
    package init(words: [String], environment: [String: String]) {
        self.words = words
        self.environment = environment.filter { Self.variables.contains($0.key) }
    }

    package func send(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) async throws(NotificationFailure) {
        do {
            let document = try JSONValue.object(notification.json).serialized()
            _ = try await ProgramOutput.of(
                words, environment: environment, input: Array(document) + Array("\n".utf8), timeout: timeout,
                limit: Self.outputLimit)
        } catch {
            throw NotificationFailure("the command \(words.first ?? ""): \(error)")
        }
    }
}
