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

    private static let durationForm = "a duration such as 90s, 15m or 96h"

    /// Choices for worker types by name or pattern: an object in the file, or text such as `build-*=VALUE,signing=VALUE`.
    mutating func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable & Sendable>(
        _ key: String
    ) -> WorkerTypePatterns<Choice> {
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return patterns(key, "one of \(all)") { Choice(rawValue: $0) }
    }

    /// Durations for worker types by name or pattern.
    mutating func durations(_ key: String) -> WorkerTypePatterns<TimeInterval> {
        patterns(key, Self.durationForm, read: DurationText.seconds)
    }

    /// Numbers for worker types by name or pattern.
    mutating func numbers(_ key: String, _ range: ClosedRange<Double>) -> WorkerTypePatterns<Double> {
        patterns(key, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Subnets for worker types by name or pattern.
    mutating func subnets(_ key: String) -> WorkerTypePatterns<SubnetSelection> {
        patterns(key, "ids or tags of subnets such as subnet-0a1+subnet-0b2 or tag:Role=worker") {
            SubnetSelection($0)
        }
    }

    private mutating func patterns<Value: Hashable & Sendable>(
        _ key: String, _ form: String, read: (String) -> Value?
    ) -> WorkerTypePatterns<Value> {
        var values: [String: Value] = [:]
        for (pattern, text) in patternTexts(key, separator: ",") {
            if let value = read(text) {
                values[pattern] = value
            } else {
                note(key, "must assign \(form) to \(pattern)")
            }
        }
        return WorkerTypePatterns(values)
    }

    /// Schedules for worker types by name or pattern. A bar separates them in the environment variable.
    mutating func schedules(_ key: String) -> WorkerTypePatterns<CapacitySchedule> {
        var values: [String: CapacitySchedule] = [:]
        for (pattern, text) in patternTexts(key, separator: "|") {
            do throws(ScheduleProblem) {
                values[pattern] = try CapacitySchedule(text)
            } catch {
                note(key, "for \(pattern): \(error)")
            }
        }
        return WorkerTypePatterns(values)
    }

    /// The texts of valid patterns, each once.
    ///
    /// - Parameter separator: of the pairs in the environment variable.
    private mutating func patternTexts(_ key: String, separator: Character) -> [(String, String)] {
        var seen: Set<String> = []
        return pairs(key, separator: separator).filter { pattern, _ in
            let name = pattern.last == "*" ? pattern.dropLast() : pattern[...]
            if pattern.isEmpty || name.contains("*") {
                note(key, "must contain names of worker types, or prefixes that end with a star")
                return false
            }
            if !seen.insert(pattern).inserted { note(key, "contains \(pattern) twice") }
            return true
        }
    }

    private mutating func pairs(_ key: String, separator: Character) -> [(String, String)] {
        let variable = Setting.all.first { $0.key == key }?.variable
        if let text = variable.flatMap({ environment[$0] }), !text.isEmpty {
            return text.split(separator: separator).map { part in
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                    // The blanks of a schedule separate its parts.
                    separator == "," ? String($0.filter { !$0.isWhitespace }) : String($0.trimmed)
                }
                return (sides[0], sides.dropFirst().first ?? "")
            }
        }
        switch file[key] {
        case nil, .null: return []
        case .object(let members):
            return members.sorted { $0.key < $1.key }.map { name, value in
                switch value {
                case .string(let text): (name, text)
                case .integer(let number): (name, String(number))
                case .number(let number): (name, String(number))
                default: (name, "")
                }
            }
        default:
            note(key, "has the wrong type")
            return []
        }
    }

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
