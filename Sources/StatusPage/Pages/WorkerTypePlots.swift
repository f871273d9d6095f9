import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting
import Storage

/// The history of a worker type: capacity, pending tasks, and prices of its pools.
struct WorkerTypePlots {
    let layout: Layout
    let detail: WorkerTypeDetail
    let hours: Int

    private var time: TimeAxis { TimeAxis(begin: detail.since, end: detail.now) }

    var markup: Markup {
        tag("section", ["aria-labelledby": "history"]) {
            tag("h2", ["id": "history"], "History")
            windows
            capacity
            prices
        }
    }

    private var windows: Markup {
        tag("nav", ["aria-label": "Length of the history"]) {
            tag("ul") {
                for window in WorkerTypePage.windows {
                    tag("li") {
                        tag(
                            "a",
                            [
                                "href": layout.links.workerType(detail.line.type.name, hours: window),
                                "aria-current": window == hours ? "true" : nil,
                            ], window < 48 ? "\(window) hours" : "\(window / 24) days")
                    }
                }
            }
        }
    }

    private var capacity: Markup {
        tag("figure", ["class": "panel"]) {
            caption("Capacity and pending tasks")
            CapacityPlot(detail.capacities, since: detail.since, now: detail.now).markup
        }
    }

    private func caption(_ title: String) -> Markup {
        tag("figcaption") {
            title
            tag("span", ["class": "dim small"]) {
                ", from "
                layout.time(detail.since)
                " to "
                layout.time(detail.now)
            }
        }
    }

    /// The maximum number of lines that a reader can distinguish.
    private static let lines = 6

    private var prices: Markup {
        let drawn = detail.pools.filter { !$0.history.isEmpty }.prefix(Self.lines)
        guard !drawn.isEmpty else {
            return tag("p", ["class": "panel"], "No price of an allowed pool is known.")
        }
        let values = drawn.flatMap { $0.history.map(\.price.usd) }
        let styles = Dictionary(
            drawn.enumerated().map { ($0.element.pool, "s\($0.offset)") },
            uniquingKeysWith: { first, _ in first })
        let axis = Axis(of: values, fromZero: false)
        let plot = StepPlot(
            id: "prices", title: "Spot price of the pools",
            description: """
                The \(drawn.count) cheapest pools per task, between \((values.min() ?? 0).formatted(decimals: 4)) and \
                \((values.max() ?? 0).formatted(decimals: 4)) USD an hour. The table below contains the current prices.
                """, time: time, axis: axis,
            series: drawn.map { pool in
                StepPlot.Series(
                    style: styles[pool.pool] ?? "s0",
                    points: pool.history.map { (max($0.at, detail.since), $0.price.usd) })
            })
        return tag("figure", ["class": "panel"]) {
            caption(
                "Spot price of its pools, USD an hour" + (axis.low > 0 ? " (the axis begins above zero)" : "")
            )
            plot.markup
        } + table(styles).markup
    }

    private func table(_ styles: [Pool: String]) -> DataTable {
        var table = DataTable(
            "The \(detail.pools.count) of \(detail.poolCount) pools that are the cheapest per task or in use",
            .init("Pool"), .init("Instances", isNumeric: true), .init("Capacity", isNumeric: true),
            .init("Spot price", isNumeric: true), .init("Effective", isNumeric: true),
            .init("Per task", isNumeric: true), .init("Since"))
        for pool in detail.pools {
            let swatch = styles[pool.pool].map { Legend.swatch($0, isLine: true) } ?? Markup()
            table.add(
                swatch + Markup("\(pool.pool)"), Markup("\(pool.instances)"), Markup("\(pool.capacity)"),
                Markup(pool.price.usd.formatted(decimals: 4)),
                Markup(pool.effectivePrice.usd.formatted(decimals: 4))
                    + (pool.isAboveMaxPrice ? tag("span", ["class": "warn"], " above maxPrice") : Markup()),
                Markup(pool.perCapacity.formatted(decimals: 4)),
                pool.history.last.map { layout.time($0.at) } ?? Markup("unknown"))
        }
        return table
    }
}
