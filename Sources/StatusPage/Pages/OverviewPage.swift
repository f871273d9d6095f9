import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting

/// The first page: the state of the deployment, and all worker types.
struct OverviewPage {
    let layout: Layout
    let overview: Overview
    let endings: TerminationOverview
    let filter: WorkerTypeFilter
    /// Seconds between iterations.
    let interval: TimeInterval
    let metadataTokens: MetadataTokens

    var markup: Markup {
        layout.page(title: "Overview") {
            tag("h1", [:], "Overview")
            HealthSection(layout: layout, overview: overview, interval: interval).markup
            workerTypes
            history
            IterationSection(layout: layout, overview: overview).markup
            RegionSection(layout: layout, overview: overview).markup
            TerminationSection(layout: layout, endings: endings).markup
            MetadataSection(overview, tokens: metadataTokens).markup
        }
    }

    private var workerTypes: Markup {
        let shown = filter.apply(overview.lines)
        return tag("section", ["aria-labelledby": "worker-types"]) {
            tag("h2", ["id": "worker-types"], "Worker types")
            form
            if shown.isEmpty {
                tag("p", ["class": "panel"]) {
                    overview.lines.isEmpty
                        ? "There is no worker type yet. `aws-provisioner worker-type apply FILE` stores one."
                        : "No worker type matches. "
                    if !overview.lines.isEmpty { tag("a", ["href": layout.links.overview], "Show all") }
                }
            } else {
                table(shown).markup
                CapacityBar.legend
            }
        }
    }

    /// The length of the history. Seconds.
    static let window: TimeInterval = 86_400

    private var history: Markup {
        guard !overview.capacities.isEmpty else { return Markup() }
        let since = overview.now.addingTimeInterval(-Self.window)
        return tag("section", ["aria-labelledby": "history"]) {
            tag("h2", ["id": "history"], "All worker types, last 24 hours")
            tag("div", ["class": "panel"]) {
                CapacityPlot(overview.capacities, since: since, now: overview.now).markup
            }
        }
    }

    private func table(_ lines: [Overview.Line]) -> DataTable {
        func column(_ sort: WorkerTypeFilter.Sort) -> DataTable.Column {
            DataTable.Column(
                sort.title, isNumeric: sort != .name, link: layout.links.overview(filter.sorted(by: sort)),
                order: filter.sort == sort ? filter.order.rawValue : nil)
        }
        var table = DataTable(
            "\(lines.count) of \(overview.lines.count) worker types. The unit of capacity is one running task",
            columns: [
                column(.name), column(.pending), DataTable.Column("Capacity", isText: true), column(.running),
                column(.booting), column(.requested), column(.min), column(.max), column(.spend),
                DataTable.Column("Read"),
            ])
        for (index, line) in lines.enumerated() { table.rows.append(row(line, index)) }
        return table
    }

    private func row(_ line: Overview.Line, _ index: Int) -> [Markup] {
        let decision = line.decision
        let tally = line.tally
        let bounds = line.bounds
        func number(_ value: Int?) -> Markup { Markup(value.map(String.init) ?? "-") }
        let name =
            tag("a", ["href": layout.links.workerType(line.type.name)], line.type.name)
            + (decision?.problems ?? []).prefix(2).reduce(into: Markup()) { notes, problem in
                notes += tag(
                    "span", ["class": "note \(problem.kind == .stopped ? "bad" : "warn")"],
                    SafeText.cut(problem.description))
                notes += tag("span", ["class": "note"]) { layout.guidance(.init(problem.kind)) }
            }
        let bar = CapacityBar(
            id: "bar-\(index)", tally: tally ?? CapacityTally(),
            pendingTasks: decision?.pendingTasks,
            minimum: bounds.minimum, maximum: bounds.maximum)
        return [
            name, number(decision?.pendingTasks), bar.markup, number(tally?.running),
            number(tally?.booting), number(tally?.requested),
            number(bounds.minimum),
            number(bounds.maximum), Markup(line.spend.perHour.formatted(decimals: 2)),
            decision.map { layout.time($0.decidedAt) } ?? Markup("never"),
        ]
    }

    private var form: Markup {
        tag("form", ["method": "get", "action": layout.links.overview, "role": "search"]) {
            tag("div") {
                tag("label", ["for": "q"], "Name contains")
                tag(
                    "input",
                    ["id": "q", "name": "q", "type": "search", "value": filter.text, "maxlength": "100"])
            }
            tag("div") {
                tag("label", ["for": "show"], "Show")
                select(
                    "show", WorkerTypeFilter.Show.allCases.map { ($0.rawValue, $0.title) },
                    filter.show.rawValue)
            }
            tag("div") {
                tag("label", ["for": "sort"], "Sort by")
                select(
                    "sort", WorkerTypeFilter.Sort.allCases.map { ($0.rawValue, $0.title) },
                    filter.sort.rawValue)
            }
            tag("button", ["type": "submit"], "Apply")
            tag("p", ["class": "small"]) { refreshLink }
        }
    }

    private var refreshLink: Markup {
        let isOn = filter.refresh != nil
        let parameters = filter.parameters(
            sort: filter.sort, order: filter.order, refresh: isOn ? nil : 60)
        return tag(
            "a", ["href": layout.links.overview(parameters)],
            isOn ? "Stop reloading every \(filter.refresh ?? 60) s" : "Reload every minute")
    }

    private func select(_ name: String, _ options: [(value: String, title: String)], _ chosen: String)
        -> Markup
    {
        tag("select", ["id": name, "name": name]) {
            for option in options {
                tag(
                    "option", ["value": option.value, "selected": option.value == chosen ? "" : nil],
                    option.title)
            }
        }
    }
}
