import Domain
package import Formats
import FoundationEssentials

extension ScheduledBounds {
    /// The window in force with its end, and the bounds after it.
    var lines: [String] {
        let source =
            windows.isEmpty ? "no window is in force" : windows.joined(separator: " and ") + " is in force"
        let end = until.map { " until \($0.timestampInSeconds)" } ?? ""
        let after = next.map { "; then \(Self.text($0))" } ?? ""
        return ["schedule (\(timeZone)): \(source)\(end), \(Self.text(bounds))\(after)"]
    }

    private static func text(_ bounds: CapacityBounds) -> String {
        "minCapacity \(bounds.minimum), maxCapacity \(bounds.maximum)"
    }

    package var json: JSONValue {
        [
            "timeZone": .string(timeZone), "windows": .array(windows.map(JSONValue.string)),
            "minCapacity": .integer(Int64(bounds.minimum)), "maxCapacity": .integer(Int64(bounds.maximum)),
            "changesAt": until.map { .string($0.timestamp) } ?? .null,
            "nextMinCapacity": next.map { .integer(Int64($0.minimum)) } ?? .null,
            "nextMaxCapacity": next.map { .integer(Int64($0.maximum)) } ?? .null,
        ]
    }
}
