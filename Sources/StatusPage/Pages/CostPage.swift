import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting

/// The costs of the deployment over days: a plot, and tables by worker type, owner, region and pool.
struct CostPage {
    let layout: Layout
    let record: CostRecord
    let days: Int

    static let windows = [1, 7, 30]
    /// The number of rows in a table. `costs` prints all.
    private static let listed = 20

    private static let tables: [(dimension: CostDimension, title: String)] = [
        (.workerType, "Worker type"), (.owner, "Owner"), (.region, "Region"), (.pool, "Pool"),
    ]

    /// The time of each step of the plot.
    private var slot: CostDimension { days > 7 ? .day : .hour }

    var markup: Markup {
        layout.page(title: "Costs") {
            tag("h1", [:], "Costs")
            windowLinks
            plot
            tag("p", ["class": "dim small"]) {
                "Estimates from launches and recorded prices, as EC2 bills them, without volumes, traffic and taxes."
            }
            for (dimension, title) in Self.tables { table(dimension, title) }
        }
    }

    private var windowLinks: Markup {
        tag("nav", ["aria-label": "Length of time"]) {
            tag("ul") {
                for window in Self.windows {
                    tag("li") {
                        tag(
                            "a",
                            [
                                "href": layout.links.costs(days: window),
                                "aria-current": window == days ? "true" : nil,
                            ], window == 1 ? "24 hours" : "\(window) days")
                    }
                }
            }
        }
    }

    private var plot: Markup {
        let report = CostReport(record, by: [slot])
        let points = CostPlot(report, slot: slot)
        let unit = slot == .hour ? "USD an hour" : "USD a day"
        return tag("figure", ["class": "panel"]) {
            tag("figcaption") {
                "\(report.total.usd.formatted(decimals: 2)) USD for \(report.total.instanceHours.formatted(decimals: 1)) "
                    + "instance-hours; the plot is in \(unit)"
                if report.total.unpricedHours > 0 {
                    "; \(report.total.unpricedHours.formatted(decimals: 1)) instance-hours of unknown price are not included"
                }
            }
            points.markup(unit: unit)
        }
    }

    private func table(_ dimension: CostDimension, _ title: String) -> Markup {
        let rows = CostReport(record, by: [dimension]).rows
        let more = rows.count - Self.listed
        var table = DataTable(
            "Costs by \(title.lowercased()). The highest are first"
                + (more > 0 ? "; `costs --by \(dimension.rawValue)` has \(more) more" : ""), .init(title),
            .init("Instances", isNumeric: true), .init("Instance-hours", isNumeric: true),
            .init("USD", isNumeric: true))
        for row in rows.prefix(Self.listed) {
            table.add(
                name(row.key.joined(), dimension), Markup("\(row.instances)"),
                Markup(row.instanceHours.formatted(decimals: 1)), Markup(row.usd.formatted(decimals: 2)))
        }
        let id = "by-" + dimension.rawValue
        return tag("section", ["aria-labelledby": id]) {
            tag("h2", ["id": id], "By \(title.lowercased())")
            rows.isEmpty ? tag("p", ["class": "dim"], "No instance ran.") : table.markup
        }
    }

    private func name(_ value: String, _ dimension: CostDimension) -> Markup {
        dimension == .workerType && WorkerType.isValidName(value)
            ? tag("a", ["href": layout.links.workerType(value)], value) : Markup(SafeText.cut(value))
    }
}
