import Formats
package import FoundationEssentials

/// A plot over time of values that stay constant until the next one.
package struct StepPlot {
    package struct Series {
        let style: String
        let points: [(at: Date, value: Double?)]
        let above: [Double]?
        let isOnAreas: Bool

        /// - Parameters:
        ///   - style: the class of the shape in the style sheet.
        ///   - points: times and values; an unknown value is nil.
        ///   - above: the lower bounds of a filled area, one for each point; nil for a line.
        ///   - isOnAreas: whether the line is drawn on filled areas, with an outline.
        package init(
            style: String, points: [(at: Date, value: Double?)], above: [Double]? = nil,
            isOnAreas: Bool = false
        ) {
            self.style = style
            self.points = points
            self.above = above
            self.isOnAreas = isOnAreas
        }
    }

    let id: String
    let title: String
    let description: String
    let time: TimeAxis
    let axis: Axis
    let series: [Series]

    private static let width = 600.0
    private static let height = 160.0

    /// - Parameter id: unique on the page.
    package init(
        id: String, title: String, description: String, time: TimeAxis, axis: Axis, series: [Series]
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.time = time
        self.axis = axis
        self.series = series
    }

    package var markup: Markup {
        tag("div", ["class": "plot"]) {
            tag("div", ["class": "axis y", "aria-hidden": "true"]) {
                for label in axis.labels { tag("span", [:], label) }
            }
            SVGFigure(
                id: id, width: Int(Self.width), height: Int(Self.height), title: title,
                description: description
            ).markup(class: nil) {
                for share in [0.0, 0.5, 1.0] {
                    SVGFigure.line(class: "grid", 0, share * Self.height, Self.width, share * Self.height)
                }
                for one in series { path(one) }
            }
            tag("div", ["class": "axis x", "aria-hidden": "true"]) {
                for label in time.labels { tag("span", [:], label) }
            }
        }
    }

    private func path(_ series: Series) -> Markup {
        if let above = series.above {
            return tag("path", ["class": series.style, "d": area(series.points, above: above)])
        }
        let data = line(series.points)
        func stroke(_ style: String) -> Markup {
            tag("path", ["class": style, "d": data, "vector-effect": "non-scaling-stroke"])
        }
        return series.isOnAreas
            ? stroke("halo") + stroke("line \(series.style)") : stroke("line \(series.style)")
    }

    private func x(_ date: Date) -> String { SVGFigure.short(time.place(date) * Self.width) }

    private func y(_ value: Double) -> String { SVGFigure.short((1 - axis.place(value)) * Self.height) }

    private func line(_ points: [(at: Date, value: Double?)]) -> String {
        var path = ""
        var held: Double?
        for (at, value) in points where value != held {
            if held != nil { path += "H\(x(at))" }
            if let value { path += held == nil ? "M\(x(at)) \(y(value))" : "V\(y(value))" }
            held = value
        }
        return path + (held == nil ? "" : "H\(x(time.end))")
    }

    /// The outline of the area between the values and their lower bounds.
    private func area(_ points: [(at: Date, value: Double?)], above: [Double]) -> String {
        guard let first = points.first, let base = above.first else { return "" }
        var path = "M\(x(first.at)) \(y(base))"
        for (at, value) in points { path += "H\(x(at))V\(y(value ?? 0))" }
        path += "H\(x(time.end))"
        var right = x(time.end)
        for ((at, _), below) in zip(points, above).reversed() {
            path += "H\(right)V\(y(below))"
            right = x(at)
        }
        return path + "H\(right)Z"
    }
}
