import Domain
package import Formats
import FoundationEssentials
package import Storage

/// What the last iteration asked of the services, and what it took, from its stored report.
package struct CallSummary: Sendable {
    package let iteration: Int64
    /// The `calls` of the report.
    package let json: JSONValue

    /// Nil for an iteration that has no report, or one from before calls were counted.
    package init?(_ record: IterationRecord) {
        guard let summary = record.summary,
            let report = (try? JSONValue(parsing: Data(summary.utf8)))?.objectValue,
            let calls = report["calls"], calls.objectValue != nil
        else { return nil }
        iteration = record.id
        json = calls
    }

    /// All calls in one line, then what was made again, throttled or slowed down, one line each.
    package var lines: [String] {
        let calls = json.objectValue ?? [:]
        func count(_ key: String, _ object: JSONObject) -> Int { object[key]?.integerValue ?? 0 }
        var parts = [
            "\(count("calls", calls)) calls", "\(count("retries", calls)) retries",
            "\(count("throttles", calls)) throttled",
            "\(fixed(calls["secondsWaited"]?.doubleValue ?? 0, 1)) s waited",
        ]
        let refused = count("refusedByBudget", calls)
        if refused > 0 { parts.append("\(refused) not made again: the iteration's retries were used up") }
        var lines = ["calls of iteration \(iteration): " + parts.joined(separator: ", ")]
        for action in calls["actions"]?.arrayValue?.compactMap(\.objectValue) ?? []
        where count("retries", action) > 0 || count("throttles", action) > 0 {
            let name = ["service", "action", "region"].compactMap { action[$0]?.stringValue }
                .filter { !$0.isEmpty }.joined(separator: " ")
            lines.append(
                "\(name): \(count("calls", action)) calls, \(count("retries", action)) retries, "
                    + "\(count("throttles", action)) throttled")
        }
        for place in calls["slowed"]?.arrayValue?.compactMap(\.objectValue) ?? [] {
            let name = ["service", "region"].compactMap { place[$0]?.stringValue }.filter { !$0.isEmpty }
                .joined(separator: " ")
            lines.append("\(name) was slowed down to \(count("callsAtOnce", place)) calls at once")
        }
        return lines
    }
}
