import Formats
import FoundationEssentials

/// The profiles of the AWS command line's shared config and credentials files.
struct SharedProfiles {
    /// The settings of one profile in each file.
    struct Profile {
        let name: String
        fileprivate(set) var config: [String: String] = [:]
        fileprivate(set) var credentials: [String: String] = [:]

        /// A setting. The credentials file takes precedence over the config file. Nil for an empty value.
        subscript(key: String) -> String? {
            (credentials[key] ?? config[key]).flatMap { $0.isEmpty ? nil : $0 }
        }

        var hasKeys: Bool { self["aws_access_key_id"] != nil || self["aws_secret_access_key"] != nil }
    }

    /// The paths of both files, for messages.
    let paths: String
    private var profiles: [String: Profile] = [:]

    init(environment: [String: String]) throws {
        let context = ProfileVariables(environment: environment)
        let config = context["AWS_CONFIG_FILE"] ?? "~/.aws/config"
        let credentials = context["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials"
        let needsHome = [config, credentials].contains { $0.hasPrefix("~/") }
        paths =
            "\(config) and \(credentials)"
            + (needsHome && context["HOME"] == nil
                ? " (HOME is not set: set it, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE)" : "")
        let file = try ProfileFile(path: context.expand(config))
        for (section, values) in file.sections.sorted(by: { $0.key < $1.key }) {
            // `profile default` sorts after `default`, and takes precedence.
            let name = section == "default" ? section : Self.name(section)
            guard let name else { continue }
            profiles[name] = Profile(name: name, config: values)
        }
        for (name, values) in try ProfileFile(path: context.expand(credentials)).sections {
            profiles[name, default: Profile(name: name)].credentials = values
        }
    }

    subscript(name: String) -> Profile? { profiles[name] }

    /// The name in `profile NAME` or `profile "NAME"`.
    private static func name(_ section: String) -> String? {
        guard section.hasPrefix("profile"), section.dropFirst(7).first?.isWhitespace == true else {
            return nil
        }
        let name = section.dropFirst(7).trimmed
        let isQuoted = name.count > 1 && name.hasPrefix("\"") && name.hasSuffix("\"")
        return isQuoted ? String(name.dropFirst().dropLast()) : name
    }
}

/// A file of `[section]`s with `key = value` lines.
struct ProfileFile {
    private(set) var sections: [String: [String: String]] = [:]

    /// Reads a file. A missing file has no sections.
    ///
    /// - Parameter path: nil for a file in an unknown home folder, which counts as missing.
    init(path: String?) throws {
        guard let path, FileManager.default.fileExists(atPath: path) else {
            self.init(text: "")
            return
        }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw CredentialsError(path, "the file cannot be read")
        }
        guard data.count < 1 << 20 else { throw CredentialsError(path, "the file is longer than 1 MiB") }
        guard !data.starts(with: [0xff, 0xfe]), !data.starts(with: [0xfe, 0xff]) else {
            throw CredentialsError(path, "the file has the encoding UTF-16: store it as UTF-8")
        }
        // Some editors write a byte order mark.
        let content = data.starts(with: [0xef, 0xbb, 0xbf]) ? data.dropFirst(3) : data
        self.init(text: String(decoding: content, as: UTF8.self))
    }

    init(text: String) {
        var current: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // Indented lines belong to nested settings, which are not used.
            if line.first?.isWhitespace == true { continue }
            let trimmed = line.trimmed
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("[") {
                current = trimmed.firstIndex(of: "]").map { end in
                    trimmed[trimmed.index(after: trimmed.startIndex)..<end].trimmed
                }
                // A profile may be empty.
                if let current { sections[current] = sections[current] ?? [:] }
            } else if let section = current, let equals = trimmed.firstIndex(of: "=") {
                let value = trimmed[trimmed.index(after: equals)...].trimmed
                sections[section, default: [:]][trimmed[..<equals].trimmed.lowercased()] = value
            }
        }
    }
}
