import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting
import Storage

/// The last iterations with their durations, outcomes and results.
struct IterationSection {
    let layout: Layout
    let overview: Overview

    /// The number of rows in the table. The plot shows all iterations.
    private static let listed = 12

    var markup: Markup {
        tag("section", ["aria-labelledby": "iterations"]) {
            tag("h2", ["id": "iterations"], "Last iterations")
            if overview.iterations.isEmpty {
                tag("p", ["class": "panel"], "No iteration has run yet. `aws-provisioner iterate` runs one.")
            } else {
                tag("div", ["class": "panel"]) { DurationPlot(iterations: overview.iterations).markup }
                table.markup
                calls
            }
        }
    }

    /// The calls of the last iteration to EC2 and the Queue.
    private var calls: Markup {
        guard let calls = overview.calls, let all = calls.lines.first else { return Markup() }
        let failures = calls.lines.dropFirst()
        return tag("p", ["class": "small"], all)
            + (failures.isEmpty
                ? Markup()
                : tag("ul", ["class": "plain small"]) { for line in failures { tag("li", [:], line) } })
    }

    private var table: DataTable {
        var table = DataTable(
            "The last iterations, newest first", .init("Iteration"), .init("Began"),
            .init("Took", isNumeric: true),
            .init("Outcome"), .init("Launched", isNumeric: true), .init("Refused", isNumeric: true),
            .init("Terminated", isNumeric: true), .init("Cancelled", isNumeric: true),
            .init("Errors", isText: true))
        for record in overview.iterations.prefix(Self.listed) {
            let figures = IterationFigures(record.summary)
            table.add(
                Markup("\(record.id)\(record.dryRun ? " (dry run)" : "")"),
                layout.time(record.startedAt),
                Markup(
                    record.finishedAt.map { DurationPlot.words($0.timeIntervalSince(record.startedAt)) }
                        ?? "-"),
                Outcome.markup(record.outcome), Markup("\(figures.launched)"), Markup("\(figures.refused)"),
                Markup("\(figures.terminated)"), Markup("\(figures.cancelled)"), errors(figures.errors))
        }
        return table
    }

    private func errors(_ errors: [String]) -> Markup {
        let errors = errors.map { SafeText.cut($0, to: 500) }
        guard let first = errors.first else { return Markup("none") }
        if errors.count == 1 { return Markup(first) }
        return tag("details") {
            tag("summary", [:], "\(errors.count) errors")
            tag("ul", ["class": "plain"]) { for error in errors.prefix(50) { tag("li", [:], error) } }
        }
    }
}
