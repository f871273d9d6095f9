import Domain
import Glibc

/// A diagram of curves over time, as SVG that needs neither script nor style sheet to be seen.
struct Plot {
    struct Curve {
        let name: String
        /// Against the plot's times; nil where there is nothing.
        let values: [Double?]
        /// Whether a value holds through its step, as a price does.
        var isStepped = false
        /// Whether the surface below is filled.
        var isFilled = false
        var isDashed = false
    }

    let title: String
    /// Above the vertical axis.
    let unit: String
    /// Seconds from the beginning, rising.
    let times: [Double]
    let curves: [Curve]
    /// Whether the vertical axis begins at zero; else just below the least value.
    var fromZero = true

    /// Distinguishable by colour-blind readers as well, on white and on black. Source: Okabe and Ito.
    static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
    private static let width = 760.0
    private static let height = 300.0
    private static let left = 64.0
    private static let right = 12.0
    private static let top = 40.0
    private static let bottom = 66.0

    var svg: String {
        let low = fromZero ? 0 : (values.min() ?? 0)
        let axis = Self.ticks(from: low, to: max(values.max() ?? 1, low), about: 5)
        let bottomValue = fromZero ? 0 : min(low, axis.first ?? low)
        let topValue = max(axis.last ?? 1, bottomValue + 1e-9)
        let end = max(times.last ?? 1, 1)
        func x(_ time: Double) -> Double {
            Self.left + time / end * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            let share = (value - bottomValue) / (topValue - bottomValue)
            return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
        }
        var lines = [
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
                + "aria-label=\"\(HTML.escaped(title))\">",
            text(title, x: Self.left, y: 16, classes: "title"),
            text(unit, x: Self.left, y: 32, classes: "label"),
        ]
        for value in axis where value >= bottomValue {
            lines.append(
                "<line class=\"grid\" x1=\"\(Self.left)\" x2=\"\(Self.width - Self.right)\" "
                    + "y1=\"\(point(y(value)))\" y2=\"\(point(y(value)))\"/>")
            lines.append(
                text(Self.label(value, axis), x: Self.left - 6, y: y(value) + 4, classes: "label end"))
        }
        let (unitName, unitSeconds) = end > 3 * 86_400 ? ("days", 86_400.0) : ("hours", 3600.0)
        let hours = Self.ticks(from: 0, to: end / unitSeconds, about: 8)
        for tick in hours where tick * unitSeconds <= end {
            lines.append(
                text(
                    Self.label(tick, hours), x: x(tick * unitSeconds), y: Self.height - Self.bottom + 16,
                    classes: "label middle"))
        }
        lines.append(
            text(
                unitName, x: Self.width - Self.right, y: Self.height - Self.bottom + 30,
                classes: "label end"))
        for (index, curve) in curves.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            if curve.isFilled { lines.append(surface(curve, colour, x, y, base: y(bottomValue))) }
            lines.append(
                "<path class=\"curve\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\" "
                    + (curve.isDashed ? "stroke-dasharray=\"5 3\" " : "")
                    + "d=\"\(path(curve, x, y))\"/>")
        }
        lines += legend
        lines.append("</svg>")
        return lines.joined(separator: "\n")
    }

    private var values: [Double] { curves.flatMap { $0.values.compactMap { $0 } } }

    private func path(_ curve: Curve, _ x: (Double) -> Double, _ y: (Double) -> Double) -> String {
        var path = ""
        var isDrawing = false
        var last = 0.0
        for (time, value) in zip(times, curve.values) {
            guard let value else {
                isDrawing = false
                continue
            }
            if !isDrawing {
                path += "M\(point(x(time))) \(point(y(value)))"
            } else if curve.isStepped {
                if value != last { path += "H\(point(x(time)))V\(point(y(value)))" }
            } else {
                path += "L\(point(x(time))) \(point(y(value)))"
            }
            isDrawing = true
            last = value
        }
        if curve.isStepped, isDrawing, let end = times.last { path += "H\(point(x(end)))" }
        return path
    }

    private func surface(
        _ curve: Curve, _ colour: String, _ x: (Double) -> Double, _ y: (Double) -> Double, base: Double
    ) -> String {
        guard let first = times.first, let last = times.last else { return "" }
        var path = "M\(point(x(first))) \(point(base))"
        for (time, value) in zip(times, curve.values) {
            path += "L\(point(x(time))) \(point(y(value ?? 0)))"
        }
        path += "L\(point(x(last))) \(point(base))Z"
        return "<path fill=\"\(colour)\" fill-opacity=\"0.2\" stroke=\"none\" d=\"\(path)\"/>"
    }

    /// Below the axis, in up to two rows of three.
    private var legend: [String] {
        let column = (Self.width - Self.left - Self.right) / 3
        return curves.enumerated().flatMap { index, curve in
            let left = Self.left + Double(index % 3) * column
            let middle = Self.height - 24 + Double(index / 3) * 16
            return [
                "<line x1=\"\(point(left))\" x2=\"\(point(left + 18))\" y1=\"\(middle)\" y2=\"\(middle)\" "
                    + "stroke=\"\(Self.colours[index % Self.colours.count])\" stroke-width=\"3\"/>",
                text(curve.name, x: left + 24, y: middle + 4, classes: "label"),
            ]
        }
    }

    private func text(_ text: String, x: Double, y: Double, classes: String) -> String {
        "<text class=\"\(classes)\" x=\"\(point(x))\" y=\"\(point(y))\">\(HTML.escaped(text))</text>"
    }

    private func point(_ value: Double) -> String { fixed(value, 1) }

    /// Round numbers that span a range: 1, 2 or 5 times a power of ten apart.
    static func ticks(from low: Double, to high: Double, about count: Int) -> [Double] {
        let span = max(high - low, 1e-9)
        let rough = span / Double(count)
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999_999 } ?? 10 * power
        let first = floor(low / step)
        let last = ceil(high / step - 1e-9)
        guard first.isFinite, last.isFinite, last - first < 100 else { return [low, high] }
        return (Int(first)...max(Int(first) + 1, Int(last))).map { Double($0) * step }
    }

    private static func label(_ value: Double, _ ticks: [Double]) -> String {
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
        return fixed(value, step >= 0.999 ? 0 : min(6, Int(ceil(-log10(step) - 1e-9))))
    }
}
