import Domain

/// The reports of one or more policies as one page that loads nothing and runs nothing.
public enum HTML {
    /// - Parameter facts: what the simulation was run on, a line each.
    public static func page(_ reports: [SimulationReport], facts: [String]) -> String {
        var body = ["<h1>aws-provisioner simulate</h1>", "<ul>"]
        body += facts.map { "<li>\(escaped($0))</li>" }
        body += ["</ul>", table(reports), "<h2>Cost over time</h2>", costs(reports)]
        for report in reports {
            body.append("<h2>\(escaped(report.policy))</h2>")
            body.append(capacity(report.timeline))
            body.append(prices(report.timeline))
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>aws-provisioner simulate</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            \(body.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --faint: #8884; --page: #fff }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --page: #16181c } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
               max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
        .wide { overflow-x: auto }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap }
        th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--faint); text-align: right }
        th:first-child, td:first-child { text-align: left; position: sticky; left: 0;
                                         background: var(--page) }
        svg { display: block; width: 100%; height: auto; margin: 1rem 0 }
        svg text { fill: var(--ink); font-size: 12px }
        svg .title { font-size: 14px; font-weight: 600 }
        svg .end { text-anchor: end } svg .middle { text-anchor: middle }
        svg .grid { stroke: var(--faint) }
        """

    private static func table(_ reports: [SimulationReport]) -> String {
        var rows = [FigureTable.titles.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()]
        rows += reports.map { report in
            FigureTable.cells(report).map { "<td>\(escaped($0))</td>" }.joined()
        }
        return "<div class=\"wide\"><table>\n"
            + rows.map { "<tr>\($0)</tr>" }.joined(separator: "\n") + "\n</table></div>"
    }

    private static func costs(_ reports: [SimulationReport]) -> String {
        // The longest run sets the axis; another that ended before keeps what it had come to.
        let times = reports.map(\.timeline.times).max { ($0.last ?? 0) < ($1.last ?? 0) } ?? []
        return Plot(
            title: "Cost", unit: "USD since the beginning", times: times,
            curves: reports.map { report in
                Plot.Curve(name: report.policy, values: times.map { report.timeline.cost(at: $0) })
            }
        ).svg
    }

    private static func capacity(_ timeline: Timeline) -> String {
        Plot(
            title: "Pending tasks against capacity", unit: "tasks; capacity in tasks at once",
            times: timeline.times,
            curves: [
                Plot.Curve(name: "running capacity", values: timeline.running, isFilled: true),
                Plot.Curve(name: "booting capacity", values: timeline.booting),
                Plot.Curve(name: "pending tasks", values: timeline.pending, isDashed: true),
            ]
        ).svg
    }

    private static func prices(_ timeline: Timeline) -> String {
        Plot(
            title: "Price of the pools that most was spent on", unit: "USD an hour", times: timeline.times,
            curves: timeline.prices.map { price in
                Plot.Curve(name: "\(price.pool)", values: price.usd, isStepped: true)
            }, fromZero: false
        ).svg
    }
}
