import Domain
import HTML

/// The capacity of a worker type within its limits, and below it the pending tasks.
struct CapacityBar {
    let id: String
    let tally: CapacityTally
    let pendingTasks: Int?
    let minimum: Int
    let maximum: Int

    var markup: Markup {
        // The bar of pending tasks ends at the edge, because many tasks would make the capacity invisible.
        let full = Double(max(maximum, tally.total, 1))
        func width(_ count: Int) -> Double { min(100, 100 * Double(count) / full) }
        let parts = [("running", tally.running), ("booting", tally.booting), ("requested", tally.requested)]
        var start = 0.0
        var bars = Markup()
        for (name, count) in parts {
            bars += SVGFigure.bar(class: name, x: start, y: 2, width: width(count), height: 11)
            start += width(count)
        }
        let words =
            parts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
            + ", from \(minimum) to \(maximum) allowed, \(pendingTasks.map(String.init) ?? "unknown") tasks pending"
        return SVGFigure(id: id, width: 100, height: 20, title: "Capacity", description: words).markup(
            class: "bar"
        ) {
            SVGFigure.bar(class: "track", x: 0, y: 2, width: width(maximum), height: 11)
            bars
            if minimum > 0 { SVGFigure.line(class: "limit", width(minimum), 0, width(minimum), 15) }
            if tally.total > maximum { SVGFigure.line(class: "limit", width(maximum), 0, width(maximum), 15) }
            SVGFigure.bar(class: "waiting", x: 0, y: 15, width: width(pendingTasks ?? 0), height: 4)
        }
    }

    /// The meanings of the colours.
    static var legend: Markup {
        Legend(
            [
                .init(name: "running", style: "running"), .init(name: "booting", style: "booting"),
                .init(name: "requested", style: "requested"),
                .init(name: "pending tasks, below", style: "waiting"),
                .init(name: "unused up to the maximum; a line at the minimum", style: "track"),
            ]
        ).markup
    }
}
