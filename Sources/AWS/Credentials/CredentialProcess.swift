import Domain
import Formats
import FoundationEssentials
import HTTPTransport
import Platform

/// A program that prints credentials as JSON, `Version` 1: the `credential_process` of a profile.
///
/// Neither what it prints nor its command line is ever logged: both may hold secrets.
struct CredentialProcess: CredentialsSource {
    /// Seconds that it may take, and bytes that it may print.
    private static let timeout: TimeInterval = 60
    private static let outputLimit = 1 << 16

    let command: String
    /// The profile, for messages.
    let source: String
    let context: CredentialsContext

    func credentials() async throws -> CredentialsResponse {
        try await context.cached(["process", command, context["HOME"] ?? ""]) { .found(try await ask()) }
    }

    private func ask() async throws -> AWSCredentials {
        let source = "the credential_process of \(source)"
        guard let words = Self.split(command), let program = words.first else {
            throw CredentialsError(source, "the command line has a quote that does not end, or no words")
        }
        let left = context.caller.http.deadline.timeIntervalSince(context.clock())
        let output: [UInt8]
        do {
            output = try await ChildProcess.output(
                of: words, environment: Self.environment(of: context.environment),
                timeout: min(Self.timeout, left),
                limit: Self.outputLimit)
        } catch {
            throw CredentialsError(source, "\(program): \(error)")
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

    /// The variables that the program gets: what it needs to run and to find its own configuration. It gets none of the
    /// web server's variables, and no secret of this deployment.
    static func environment(of all: [String: String]) -> [String: String] {
        all.filter { name, _ in
            ["PATH", "HOME", "LANG", "TMPDIR"].contains(name)
                || name.hasPrefix("AWS_") && !name.hasPrefix("AWS_PROVISIONER_")
        }
    }

    /// The words of a command line, with the quotes and backslashes of a shell and nothing else of it. Nil when a quote
    /// does not end.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = line.makeIterator()
        while let character = characters.next() {
            if character == "\\", quote != "'" {
                guard let next = characters.next() else { return nil }
                // Inside double quotes a backslash is itself, but for what would end them.
                if quote == "\"", next != "\"", next != "\\" { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(next)
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let ended = word { words.append(ended) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }
}
