import Domain
import Formats
import FoundationEssentials
import Glibc
package import Logging

/// Writes log lines to standard error, as text or as one JSON object a line.
package struct LogOutput: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String
    private let format: Settings.LogFormat

    package init(label: String, settings: Settings) {
        self.label = label
        logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        format = settings.logFormat ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new })
            .sorted { $0.key < $1.key }.map { ($0.key, SafeText.cut("\($0.value)", to: Self.longest)) }
        let message = "\(event.message)"
        let now = Date().timestamp
        let line: String
        switch format {
        case .text:
            line =
                (["\(now) \(event.level): \(SafeText.logged(message))"]
                + fields.map { "\(SafeText.escaped($0.0))=\(Self.quoted($0.1))" }).joined(separator: " ")
        case .json:
            var object: JSONObject = [
                "time": .string(now), "level": .string(event.level.rawValue),
                "message": .string(SafeText.cut(message, to: Self.longest)),
                "logger": .string(label),
            ]
            for (key, value) in fields { object[key] = .string(value) }
            line =
                (try? JSONValue.object(object).serialized()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        // One call for each line, so that the lines of two processes do not mix.
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// The maximum length of a message or a value. Unicode scalars.
    private static let longest = 4000

    /// The value of a field. Quotes prevent that a value is read as another field.
    private static func quoted(_ value: String) -> String {
        let isWord = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 > " " && $0 != "\"" && $0 != "=" }
        return isWord ? SafeText.escaped(value) : JSONValue.string(value).inline
    }
}
