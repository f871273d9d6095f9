import FoundationEssentials

/// The sources of credentials in the AWS SDKs' order: the first that has some is used.
public struct CredentialsChain: CredentialsProvider {
    /// One source. It answers nil when it is not configured, and throws when it is and does not work.
    public protocol Source: Sendable {
        /// For the message when no source had any.
        var name: String { get }
        func credentials() async throws -> AWSCredentials?
    }

    private let sources: [any Source]

    public init(_ sources: [any Source]) {
        self.sources = sources
    }

    /// Environment variables, then the shared files.
    public init(environment: [String: String]) {
        self.init([
            EnvironmentCredentials(environment: environment), SharedFileCredentials(environment: environment),
        ])
    }

    public func credentials() async throws -> AWSCredentials {
        for source in sources {
            if let found = try await source.credentials() { return found }
        }
        throw NoCredentials(tried: sources.map(\.name))
    }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialsChain.Source {
    let environment: [String: String]
    let name = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

    func credentials() -> AWSCredentials? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") else {
            return nil
        }
        return AWSCredentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: value("AWS_SESSION_TOKEN"))
    }
}

/// The profile that `AWS_PROFILE` names, else `default`, in the shared credentials file and the config file.
struct SharedFileCredentials: CredentialsChain.Source {
    let environment: [String: String]

    private var profile: String { environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? "default" }
    private var credentialsFile: String { path("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials") }
    private var configFile: String { path("AWS_CONFIG_FILE", ".aws/config") }

    var name: String { "profile \(profile) in \(credentialsFile) and \(configFile)" }

    func credentials() throws -> AWSCredentials? {
        let config = ProfileFile(path: configFile)
        // The credentials file wins where both have the profile.
        let values = [
            ProfileFile(path: credentialsFile)?.section(profile),
            config?.section(profile == "default" ? "default" : "profile \(profile)"),
            profile == "default" ? config?.section("profile default") : nil,
        ].compactMap { $0 }.first { $0["aws_access_key_id"] != nil }
        guard let values, let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"]
        else {
            return nil
        }
        return AWSCredentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: values["aws_session_token"])
    }

    private func path(_ variable: String, _ standard: String) -> String {
        if let path = environment[variable], !path.isEmpty { return path }
        return (environment["HOME"] ?? "") + "/" + standard
    }
}

/// A file of `[section]`s with `key = value` lines, as the AWS command line writes them.
struct ProfileFile {
    private var sections: [String: [String: String]] = [:]

    /// Nil when there is no such file, or it cannot be read.
    init?(path: String) {
        guard let data = try? Data(contentsOf: URL(filePath: path)), data.count < 1 << 20 else { return nil }
        self.init(text: String(decoding: data, as: UTF8.self))
    }

    init(text: String) {
        var current: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // Lines that are indented belong to nested settings, which none of ours are.
            if line.first?.isWhitespace == true { continue }
            let trimmed = Self.trim(line)
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("[") {
                current = trimmed.firstIndex(of: "]").map { end in
                    Self.trim(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
                        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
                }
            } else if let section = current, let equals = trimmed.firstIndex(of: "=") {
                let value = Self.trim(trimmed[trimmed.index(after: equals)...])
                sections[section, default: [:]][Self.trim(trimmed[..<equals]).lowercased()] = value
            }
        }
    }

    func section(_ name: String) -> [String: String]? { sections[name] }

    private static func trim(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
