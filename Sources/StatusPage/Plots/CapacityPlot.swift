import Domain
import Formats
import FoundationEssentials
import HTML

/// Running, booting and requested capacity as stacked areas, and the pending tasks as a line.
struct CapacityPlot {
    /// Oldest first. The first point can be before the begin of the plot.
    let points: [CapacityPoint]
    let time: TimeAxis

    /// Creates a plot that begins at the first point, or at the begin of the window if that is later.
    init(_ points: [CapacityPoint], since: Date, now: Date) {
        self.points = points
        time = TimeAxis(begin: max(since, points.first?.at ?? since), end: now)
    }

    var markup: Markup {
        guard let last = points.last else {
            return tag("p", ["class": "panel"], "No capacity has been recorded in this time.")
        }
        let running = points.map { Double($0.tally.running) }
        let booting = points.map { Double($0.tally.running + $0.tally.booting) }
        let total = points.map { Double($0.tally.total) }
        let pending = points.map { $0.pendingTasks.map(Double.init) }
        func area(_ style: String, _ values: [Double], above: [Double]) -> StepPlot.Series {
            StepPlot.Series(style: style, points: zip(points, values).map { ($0.at, $1) }, above: above)
        }
        return StepPlot(
            id: "capacity", title: "Capacity and pending tasks",
            description: """
                Capacity was at most \((total.max() ?? 0).formatted(decimals: 0)) and is \(last.tally.running) running, \
                \(last.tally.booting) booting, \(last.tally.requested) requested; pending tasks were at most \
                \((pending.compactMap(\.self).max() ?? 0).formatted(decimals: 0)) and are \
                \(last.pendingTasks.map(String.init) ?? "unknown").
                """, time: time, axis: Axis(of: total + pending.compactMap(\.self), fromZero: true),
            series: [
                area("running", running, above: points.map { _ in 0 }),
                area("booting", booting, above: running), area("requested", total, above: booting),
                StepPlot.Series(
                    style: "pending", points: zip(points, pending).map { ($0.at, $1) }, isOnAreas: true),
            ]
        ).markup
            + Legend(
                [
                    .init(name: "running", style: "running"), .init(name: "booting", style: "booting"),
                    .init(name: "requested", style: "requested"),
                    .init(name: "pending tasks", style: "pending", isLine: true),
                ]
            ).markup
    }
}
