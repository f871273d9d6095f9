import Domain
import Formats
import HTML

/// The reports of one or more policies as a self-contained HTML page without scripts.
package struct ReportPage {
    private let reports: [SimulationReport]
    private let facts: [String]

    /// - Parameter facts: lines that describe the input of the simulation.
    package init(_ reports: [SimulationReport], facts: [String]) {
        self.reports = reports
        self.facts = facts
    }

    package var html: String {
        let policy = "default-src 'none'; style-src '\(StyleSheet.hash)'"
        return Markup.page(
            title: "aws-provisioner simulate",
            head: tag("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
        ) {
            tag("main") {
                tag("h1", [:], "aws-provisioner simulate")
                tag("ul", ["class": "plain"]) { for fact in facts { tag("li", [:], fact) } }
                // On narrow screens the table scrolls; the tabindex makes it scroll by keyboard.
                tag("div", ["class": "wide", "tabindex": "0", "role": "group", "aria-label": "Figures"]) {
                    figures.markup
                }
                tag("h2", [:], "Cost over time")
                ReportPlots.costs(reports)
                for (index, report) in reports.enumerated() {
                    tag("h2", [:], report.policy)
                    ReportPlots.capacity(report.timeline, id: "capacity-\(index)")
                    ReportPlots.prices(report.timeline, id: "prices-\(index)")
                }
            }
        }.html
    }

    private var figures: DataTable {
        var table = DataTable(
            "Each policy with the same load and the same prices",
            columns: FigureTable.titles.enumerated().map { .init($1, isNumeric: $0 > 0) })
        table.rows = reports.map { FigureTable.cells($0).map { Markup($0) } }
        return table
    }
}
