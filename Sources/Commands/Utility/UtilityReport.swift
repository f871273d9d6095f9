import Domain
import Formats

/// A suggestion of utility factors, as text and JSON.
struct UtilityReport {
    let type: WorkerType
    let scores: UtilityScores
    let suggestion: UtilitySuggestion
    let reading: ProvisioningRules.Utility

    /// The differences that `worker-type diff` would show.
    private var differences: [JSONDifference] {
        type.definition.differences(to: suggestion.applied(to: type.definition))
    }

    private func note(on line: UtilitySuggestion.Line) -> String? {
        var notes: [String] = []
        if line.score == nil { notes.append(scores.reasonWithoutScore(line.instanceType)) }
        if line.instanceType == suggestion.reference { notes.append("reference") }
        if let burstable = BurstableType(line.instanceType) {
            let share = burstable.sustainedPercent.map { "\(Self.shortest($0)) %" } ?? "a share"
            notes.append("burstable: sustains \(share) of a vCPU, which the score must include")
        }
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }

    private static func shortest(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    // MARK: Text

    func show() {
        Terminal.print("\(type.name, .bold): \(Self.meaning(of: reading))")
        Terminal.print()
        var table = TextTable("instance type", "score", "utility", "suggested", "note")
        for line in suggestion.lines {
            table.add(
                line.instanceType, line.score.map { $0.formatted(decimals: 3) } ?? "-",
                Self.shortest(line.current), line.suggested.map(Self.shortest) ?? "-", note(on: line) ?? "")
        }
        Terminal.print(table.shown())
        Terminal.print()
        if suggestion.reference == nil {
            return Terminal.print("no suggestion: at least two instance types need a score")
        }
        let lines = differences.flatMap(\.lines)
        if lines.isEmpty { return Terminal.print("no change") }
        Terminal.printDifferences(lines)
        Terminal.print()
        Terminal.print("Nothing was changed. Store the numbers with `worker-type edit \(type.name)`.")
    }

    private static func meaning(of reading: ProvisioningRules.Utility) -> String {
        switch reading {
        case .multiply: "a spot price is multiplied by utility"
        case .divide: "a spot price is divided by utility"
        }
    }

    // MARK: JSON

    var json: JSONObject {
        [
            "workerType": .string(type.name), "utility": .string(reading.rawValue),
            "source": .string(scores.sourceName),
            "reference": suggestion.reference.map(JSONValue.string) ?? .null,
            "instanceTypes": .array(
                suggestion.lines.map { line in
                    [
                        "instanceType": .string(line.instanceType),
                        "score": line.score.map(JSONValue.number) ?? .null,
                        "utilityFactor": .number(line.current),
                        "suggestedFactor": line.suggested.map(JSONValue.number) ?? .null,
                        "burstable": .bool(BurstableType(line.instanceType) != nil),
                        "note": note(on: line).map(JSONValue.string) ?? .null,
                    ]
                }),
            "differences": .array(differences.map(\.json)),
        ]
    }
}
