import Domain
import Formats
import FoundationEssentials

/// Settings for worker types by name or pattern.
extension SettingsReader {
    /// Choices for worker types by name or pattern: an object in the file, or text such as `build-*=VALUE,signing=VALUE`.
    mutating func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable & Sendable>(
        _ key: String
    ) -> WorkerTypePatterns<Choice> {
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return patterns(key, "one of \(all)") { Choice(rawValue: $0) }
    }

    /// Durations for worker types by name or pattern.
    mutating func durations(_ key: String) -> WorkerTypePatterns<TimeInterval> {
        patterns(key, Self.durationForm, read: { DurationText.seconds($0) })
    }

    /// Numbers for worker types by name or pattern.
    mutating func numbers(_ key: String, _ range: ClosedRange<Double>) -> WorkerTypePatterns<Double> {
        patterns(key, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Headrooms for worker types by name or pattern.
    mutating func headrooms(_ key: String) -> WorkerTypePatterns<Headroom> {
        patterns(key, Headroom.form) { Headroom($0) }
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
}
