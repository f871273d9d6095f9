import Domain
import Formats
import FoundationEssentials

/// Renders a report of costs as text, as comma-separated values and as JSON.
struct CostOutput {
    let report: CostReport

    func lines(_ tables: TableOptions) -> [TerminalText] {
        let hasUnpriced = report.total.unpricedHours > 0
        var table = TextTable(
            titles: report.dimensions.map { $0.rawValue.replacing("-", with: " ") }
                + ["instances", "instance-hours", "USD"] + (hasUnpriced ? ["unpriced hours"] : []))
        for row in report.rows {
            table.add(
                cells: row.key + [
                    "\(row.instances)", row.instanceHours.formatted(decimals: 2),
                    row.usd.formatted(decimals: 4),
                ]
                    + (hasUnpriced ? [row.unpricedHours.formatted(decimals: 2)] : []))
        }
        let total = report.total
        return (table.isEmpty ? ["no instance ran"] : table.shown(tables)) + [
            "",
            """
            total since \(report.since.timestamp): \(total.usd.formatted(decimals: 4)) USD for \(total.instances) instances and \
            \(total.instanceHours.formatted(decimals: 2)) instance-hours\
            \(hasUnpriced ? ", without \(total.unpricedHours.formatted(decimals: 2)) hours of unknown price" : "")
            """,
        ]
    }

    /// A header line and a line for each row.
    var csv: [TerminalText] {
        let titles = report.dimensions.map { $0.rawValue.replacing("-", with: "_") }
        let header = titles + ["instances", "instance_hours", "usd", "unpriced_hours"]
        let rows = report.rows.map { row in
            row.key.map(SeparatedValues.field) + [
                "\(row.instances)", row.instanceHours.formatted(decimals: 6), row.usd.formatted(decimals: 6),
                row.unpricedHours.formatted(decimals: 6),
            ]
        }
        return ([header] + rows).map { TerminalText($0.joined(separator: ",")) }
    }

    var json: JSONObject {
        [
            "since": .string(report.since.timestamp), "until": .string(report.until.timestamp),
            "costs": .array(
                report.rows.map { row in
                    let keys = zip(report.dimensions, row.key).map { ($0.jsonMember, JSONValue.string($1)) }
                    return .object(
                        Self.figures(row).merging(keys) { figure, _ in figure })
                }),
            "total": .object(Self.figures(report.total)),
        ]
    }

    private static func figures(_ row: CostReport.Row) -> JSONObject {
        [
            "instanceCount": .integer(Int64(row.instances)), "instanceHours": .number(row.instanceHours),
            "costUsd": .number(row.usd), "unpricedHours": .number(row.unpricedHours),
        ]
    }
}

extension CostDimension {
    /// The member of a row that contains its value.
    fileprivate var jsonMember: String { self == .workerType ? "workerType" : rawValue }
}
