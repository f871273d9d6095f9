import Domain
import Formats
import FoundationEssentials
import HTML

/// The plots of a report, with captions.
enum ReportPlots {
    /// Colour of a policy or pool. The style sheet has eight.
    private static func style(_ index: Int) -> String { "s\(index % 8)" }

    static func costs(_ reports: [SimulationReport]) -> Markup {
        // The longest run sets the axis. The cost of shorter runs stays constant after their end.
        guard let longest = reports.map(\.timeline).max(by: { $0.length < $1.length }) else {
            return Markup()
        }
        let totals = reports.map { $0.timeline.cost.last ?? 0 }
        return figure(
            "Cost, US dollars since the beginning",
            StepPlot(
                id: "cost", title: "Cost over time",
                description: "At the end: "
                    + zip(reports, totals).map { "\($0.policy) \($1.formatted(decimals: 2))" }.joined(
                        separator: ", ")
                    + ".",
                time: longest.axis, axis: Axis(of: totals, fromZero: true, atLeast: 0.01),
                series: reports.enumerated().map { index, report in
                    let timeline = report.timeline
                    let points = zip(timeline.times, timeline.cost).map { (timeline.date($0), Optional($1)) }
                    return StepPlot.Series(
                        style: style(index),
                        points: [(timeline.begin, 0)] + points + [(longest.date(longest.length), nil)])
                }),
            reports.enumerated().map { .init(name: $1.policy, style: style($0), isLine: true) })
    }

    static func capacity(_ timeline: Timeline, id: String) -> Markup {
        func most(_ values: [Double]) -> String { (values.max() ?? 0).formatted(decimals: 0) }
        func area(_ style: String, _ values: [Double], above: [Double]) -> StepPlot.Series {
            // The series ends with the run, before the axis.
            StepPlot.Series(style: style, points: timeline.points(values), above: above + [0])
        }
        return figure(
            "Pending tasks against capacity, in tasks at once",
            StepPlot(
                id: id, title: "Capacity and pending tasks",
                description: """
                    Capacity was at most \(most(timeline.capacity)), of which at most \(most(timeline.running)) was \
                    running; pending tasks were at most \(most(timeline.pending)).
                    """, time: timeline.axis,
                axis: Axis(of: timeline.capacity + timeline.pending, fromZero: true),
                series: [
                    area("running", timeline.running, above: timeline.running.map { _ in 0 }),
                    area("booting", timeline.capacity, above: timeline.running),
                    StepPlot.Series(
                        style: "pending", points: timeline.points(timeline.pending), isOnAreas: true),
                ]),
            [
                .init(name: "running", style: "running"), .init(name: "booting", style: "booting"),
                .init(name: "pending tasks", style: "pending", isLine: true),
            ])
    }

    static func prices(_ timeline: Timeline, id: String) -> Markup {
        let known = timeline.prices.flatMap { $0.usd.compactMap(\.self) }
        guard !known.isEmpty else { return tag("p", ["class": "panel"], "The run has no instances.") }
        let axis = Axis(of: known, fromZero: false)
        return figure(
            "Spot price of the pools with the highest cost, US dollars an hour"
                + (axis.low > 0 ? "; the axis begins above zero" : ""),
            StepPlot(
                id: id, title: "Spot price of the pools",
                description: """
                    The \(timeline.prices.count) pools with the highest cost, between \
                    \((known.min() ?? 0).formatted(decimals: 4)) and \((known.max() ?? 0).formatted(decimals: 4)) USD an hour.
                    """, time: timeline.axis, axis: axis,
                series: timeline.prices.enumerated().map { index, price in
                    StepPlot.Series(style: style(index), points: timeline.points(price.usd))
                }),
            timeline.prices.enumerated().map { .init(name: "\($1.pool)", style: style($0), isLine: true) })
    }

    private static func figure(_ caption: String, _ plot: StepPlot, _ legend: [Legend.Entry]) -> Markup {
        tag("figure", ["class": "panel"]) {
            tag("figcaption", [:], caption)
            plot.markup
            Legend(legend).markup
        }
    }
}

extension Timeline {
    fileprivate var axis: TimeAxis { TimeAxis(begin: begin, elapsed: length) }

    fileprivate func date(_ seconds: Double) -> Date { begin.addingTimeInterval(seconds) }

    /// The value of each step at its left end, and nil after the last step.
    fileprivate func points(_ values: [Double?]) -> [(at: Date, value: Double?)] {
        zip([0] + times, values + [nil]).map { (date($0), $1) }
    }
}
