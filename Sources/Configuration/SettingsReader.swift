import Domain
import Formats
import FoundationEssentials
import Platform
import Taskcluster

/// Reads settings from the file and the environment, and collects the problems with the names of the settings.
struct SettingsReader {
    let file: JSONObject
    let environment: [String: String]
    private(set) var problems: [String] = []

    /// Moves values under former names of settings to the current names.
    init(file: JSONObject, environment: [String: String]) {
        var file = file
        var environment = environment.filter { !$0.value.isEmpty }
        var problems: [String] = []
        for setting in Setting.all {
            for alias in setting.aliases {
                // Null means that the setting is absent.
                if let value = file.removeValue(forKey: alias.key), value != .null {
                    let named = file[setting.key].flatMap { $0 == .null ? nil : $0 }
                    if let named, named != value {
                        problems.append(
                            "\"\(setting.key)\" and its former name \"\(alias.key)\" have different values: "
                                + "remove \"\(alias.key)\"")
                    }
                    file[setting.key] = named ?? value
                }
                if let value = environment[alias.variable] {
                    if let named = environment[setting.variable], named != value {
                        problems.append(
                            "\(setting.variable) and its former name \(alias.variable) have different values: "
                                + "remove \(alias.variable)")
                    }
                    environment[setting.variable] = environment[setting.variable] ?? value
                }
            }
        }
        self.file = file
        self.environment = environment
        self.problems = problems
    }

    /// Both names of a setting, for messages.
    static func name(of key: String) -> String {
        Setting.all.first { $0.key == key }.map { "\($0.variable) (\"\(key)\")" } ?? key
    }

    mutating func note(_ key: String, _ problem: String) {
        problems.append("\(Self.name(of: key)) \(problem)")
    }

    /// The value of the environment variable. An empty value counts as unset.
    private func variable(_ key: String) -> String? {
        Setting.all.first { $0.key == key }.flatMap { environment[$0.variable] }.flatMap {
            $0.isEmpty ? nil : $0
        }
    }

    /// The value as text.
    mutating func text(_ key: String) -> String? {
        if let value = variable(key) { return value }
        switch file[key] {
        case nil, .null: return nil
        case .string(let value): return value
        case .integer(let value): return String(value)
        case .number(let value): return String(value)
        case .bool(let value): return String(value)
        case .array(let values) where key == "regions" && values.allSatisfy { $0.stringValue != nil }:
            return values.compactMap(\.stringValue).joined(separator: ",")
        case .object(let value) where key == "taskclusterCertificate":
            return (try? JSONValue.object(value).serialized()).map { String(decoding: $0, as: UTF8.self) }
        default:
            note(key, "has the wrong type")
            return nil
        }
    }

    mutating func url(_ key: String) -> String? {
        guard let text = text(key) else { return nil }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix), text.count > scheme.count
        else {
            note(key, "must be a URL with http or https")
            return nil
        }
        return text
    }

    mutating func emailAddress(_ key: String) -> String? {
        guard let text = text(key) else { return nil }
        if NotificationRecipient.isAddress(text) { return text }
        note(key, "must be an e-mail address such as operators@example.com")
        return nil
    }

    /// The words of a command line.
    mutating func commandLine(_ key: String) -> [String]? {
        guard let text = text(key) else { return nil }
        if let words = CommandLineWords.split(text), words.first.map({ !$0.isEmpty }) ?? false {
            return words
        }
        note(key, "must be a command line with closed quotes")
        return nil
    }

    mutating func list(_ key: String) -> [String] {
        let names = (text(key) ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }
            .filter { !$0.isEmpty }
        for name in names
        where !name.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
        ) {
            note(key, "contains an invalid region name")
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// Scopes for workers: a list in the file, or text with commas.
    mutating func workerScopes(_ key: String) -> [String] {
        let texts: [String]
        if variable(key) == nil, let values = file[key]?.arrayValue {
            texts = values.compactMap(\.stringValue)
            if texts.count < values.count { note(key, "must be a list of strings") }
        } else {
            texts = (text(key) ?? "").split(separator: ",").map(String.init)
        }
        var seen: Set<String> = []
        let scopes = texts.map(Self.trimmed).filter { !$0.isEmpty && seen.insert($0).inserted }
        if !scopes.allSatisfy(Scopes.isValid) { note(key, "must contain scopes in printable ASCII") }
        for scope in scopes where Scopes.coversProvisioner(scope) {
            note(key, "must not contain \(scope): workers never receive scopes of the provisioner's API")
        }
        return scopes
    }

    private static func trimmed(_ text: String) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String) -> Choice? {
        guard let text = text(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        note(key, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let text = text(key) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            note(key, "must be true or false")
            return nil
        }
    }

    mutating func number(_ key: String, _ range: ClosedRange<Double>) -> Double? {
        guard let text = text(key) else { return nil }
        if let value = Double(text), range.contains(value) { return value }
        note(key, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    mutating func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            note(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// A duration such as `90`, `90s`, `15m`, `96h` or `4d`. Seconds.
    mutating func duration(_ key: String) -> TimeInterval? {
        guard let text = text(key) else { return nil }
        if let value = DurationText.seconds(text) { return value }
        note(key, "must be \(Self.durationForm)")
        return nil
    }

    static let durationForm = "a duration such as 90s, 15m or 96h"

    private static let prefix = "AWS_PROVISIONER_"

    /// The environment variables of settings and of the configuration file.
    private static var variables: Set<String> {
        Set(Setting.all.flatMap { [$0.variable] + $0.aliases.map(\.variable) } + ["AWS_PROVISIONER_CONFIG"])
    }

    mutating func noteUnknownKeys() {
        let known = Set(Setting.all.map(\.key))
        for key in file.keys.sorted() where !known.contains(key) {
            problems.append(
                "the configuration file has an unknown key \"\(key)\""
                    + (Self.advice { $0.key == key } ?? NearestName.hint(key, among: known)))
        }
        let variables = Self.variables
        for variable in environment.keys.sorted()
        where variable.hasPrefix(Self.prefix) && !variables.contains(variable) {
            problems.append(
                "the environment has an unknown setting \(variable)"
                    + (Self.advice { $0.variable == variable }
                        ?? NearestName.hint(variable, among: variables.filter { $0.hasPrefix(Self.prefix) })))
        }
    }

    /// What replaces a setting of an earlier version.
    private static func advice(where matches: (Setting.Name) -> Bool) -> String? {
        Setting.removed.first { matches($0.name) }.map { ": \($0.advice)" }
    }
}
