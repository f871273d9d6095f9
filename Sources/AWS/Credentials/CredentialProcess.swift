import Domain
import Formats
import FoundationEssentials
import HTTPTransport
import Platform

/// A program that prints credentials as JSON, `Version` 1: the `credential_process` of a profile.
///
/// Its output and its command line are never logged: both may contain secrets. The first line of its standard error is
/// part of the message of a failure, without words that may be secrets.
struct CredentialProcess: CredentialsSource {
    /// Seconds.
    private static let timeout: TimeInterval = 60
    /// Of standard output, and of standard error. Bytes.
    private static let outputLimit = 1 << 20

    let command: String
    /// The profile, for messages.
    let source: String
    let context: CredentialsContext

    func credentials() async throws -> CredentialsResponse {
        try await context.cached(["process", command, context["HOME"] ?? ""]) { .found(try await run()) }
    }

    private func run() async throws -> AWSCredentials {
        let source = "the credential_process of \(source)"
        guard let arguments = CommandLineWords.split(command), let program = arguments.first else {
            throw CredentialsError(source, "the command line is empty or has an unterminated quote")
        }
        let left = context.caller.http.deadline.timeIntervalSince(context.clock())
        let output: [UInt8]
        do {
            output = try await ProgramOutput.of(
                arguments, environment: Self.environment(of: context.environment),
                timeout: min(Self.timeout, left), limit: Self.outputLimit)
        } catch {
            throw CredentialsError(source, "\(program): \(error)\(reason(error, arguments))")
        }
        guard let document = (try? JSONValue(parsing: Data(output)))?.objectValue else {
            throw CredentialsError(source, "\(program) did not print a JSON object")
        }
        guard document["Version"]?.integerValue == 1 else {
            throw CredentialsError(source, "\(program) did not print \"Version\": 1")
        }
        return try CredentialsDocument.read(
            document, tokenKey: "SessionToken", source: source, now: context.clock())
    }

    /// The first line of the standard error of a program that failed.
    private func reason(_ error: any Error, _ arguments: [String]) -> String {
        let errors: [UInt8]
        switch error as? ProgramOutput.Failure {
        case .exited(_, let bytes), .killed(_, let bytes): errors = bytes
        default: return ""
        }
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        // An argument may be a secret, also as `--token=SECRET`. Short ones are names of profiles and the like.
        let values = arguments.dropFirst().flatMap { [$0, String($0.drop { $0 != "=" }.dropFirst())] }
        let secrets = values.filter { $0.utf8.count >= 8 } + names.compactMap { context[$0] }
        return ProcessErrorLine(errors, secrets: secrets).text.map { ": \($0)" }
            ?? "; run it by hand to see why"
    }

    /// The variables that the program needs to run and to find its configuration, without those of the web server and
    /// the secrets of this deployment.
    static func environment(of all: [String: String]) -> [String: String] {
        all.filter { name, _ in
            ["PATH", "HOME", "LANG", "TMPDIR"].contains(name)
                || name.hasPrefix("AWS_") && !name.hasPrefix("AWS_PROVISIONER_")
        }
    }
}
