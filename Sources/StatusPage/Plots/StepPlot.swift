import Domain
import FoundationEssentials

/// Values that hold until the next one, over time.
struct StepPlot {
    struct Series {
        /// The class of its shape.
        let style: String
        /// Nil where the value is not known.
        let points: [(at: Date, value: Double?)]
        /// Where set, the area between this and the values is filled; of as many points.
        var above: [Double]?
        /// Whether it runs over filled areas, from which a rim keeps it apart.
        var isOnAreas = false
    }

    let id: String
    let title: String
    let description: String
    let time: TimeAxis
    let axis: Axis
    /// Decimals of the numbers beside it.
    let decimals: Int
    let series: [Series]

    static let width = 600.0
    static let height = 160.0

    var markup: Markup {
        tag("div", ["class": "plot"]) {
            tag("div", ["class": "axis y", "aria-hidden": "true"]) {
                for label in axis.labels(decimals: decimals) { tag("span", [:], label) }
            }
            Picture(
                id: id, width: Int(Self.width), height: Int(Self.height), title: title,
                description: description
            ).markup(class: nil) {
                for share in [0.0, 0.5, 1.0] {
                    Picture.line(class: "grid", 0, share * Self.height, Self.width, share * Self.height)
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

    private func x(_ date: Date) -> String { Picture.short(time.place(date) * Self.width) }

    private func y(_ value: Double) -> String { Picture.short((1 - axis.place(value)) * Self.height) }

    private func line(_ points: [(at: Date, value: Double?)]) -> String {
        var path = ""
        var isOn = false
        for (at, value) in points {
            if isOn { path += "H\(x(at))" }
            if let value {
                path += isOn ? "V\(y(value))" : "M\(x(at)) \(y(value))"
                isOn = true
            } else {
                isOn = false
            }
        }
        return path + (isOn ? "H\(x(time.end))" : "")
    }

    /// Along the values to the end, and back along what is below.
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
