import Domain
import Formats
import FoundationEssentials
import HTML

/// The cost of each hour or day as a filled area.
struct CostPlot {
    /// The begin of each hour or day of the span, and its cost. US dollars.
    private let points: [(at: Date, usd: Double)]
    private let time: TimeAxis

    /// - Parameters:
    ///   - report: divided by `slot` alone.
    ///   - slot: hours or days.
    init(_ report: CostReport, slot: CostDimension) {
        let length = slot.slot ?? 3600
        let costs = report.rows.reduce(into: [String: Double]()) { $0[$1.key.joined()] = $1.usd }
        let first = CostReport.start(of: length, at: report.since)
        let span = report.until.timeIntervalSince(first)
        points = stride(from: 0, to: span, by: length).map { offset in
            let at = first.addingTimeInterval(offset)
            return (at, costs[slot.label(of: at)] ?? 0)
        }
        time = TimeAxis(begin: report.since, end: report.until)
    }

    func markup(unit: String) -> Markup {
        let costs = points.map(\.usd)
        return StepPlot(
            id: "costs", title: "Costs over time",
            description: """
                The cost was at most \((costs.max() ?? 0).formatted(decimals: 2)) \(unit), and is \
                \((costs.last ?? 0).formatted(decimals: 2)) so far in the last step.
                """, time: time, axis: Axis(of: costs, fromZero: true, atLeast: 0.01),
            series: [
                StepPlot.Series(
                    style: "running", points: points.map { ($0.at, $0.usd) }, above: points.map { _ in 0 })
            ]
        ).markup
    }
}
