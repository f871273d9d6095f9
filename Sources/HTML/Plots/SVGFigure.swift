import Formats

/// A drawing with a title and a description for screen readers.
package struct SVGFigure {
    /// Unique on the page.
    let id: String
    let width: Int
    let height: Int
    let title: String
    let description: String

    /// - Parameters:
    ///   - width: the width in units of the drawing.
    ///   - height: the height in units of the drawing.
    package init(id: String, width: Int, height: Int, title: String, description: String) {
        self.id = id
        self.width = width
        self.height = height
        self.title = title
        self.description = description
    }

    /// The drawing stretches to the available size. It contains no text, and its lines keep their width.
    package func markup(class name: String?, @MarkupBuilder _ content: () -> Markup) -> Markup {
        tag(
            "svg",
            [
                "role": "img", "class": name, "viewBox": "0 0 \(width) \(height)",
                "preserveAspectRatio": "none",
                "aria-labelledby": "\(id)-title", "aria-describedby": "\(id)-description",
            ]
        ) {
            tag("title", ["id": "\(id)-title"], title)
            tag("desc", ["id": "\(id)-description"], description)
            content()
        }
    }

    /// A rectangle; empty markup for a width of zero.
    package static func bar(class name: String, x: Double, y: Double, width: Double, height: Double) -> Markup
    {
        guard width > 0, height > 0 else { return Markup() }
        return tag(
            "rect",
            [
                "class": name, "x": short(x), "y": short(y), "width": short(width), "height": short(height),
            ])
    }

    package static func line(class name: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
        -> Markup
    {
        tag(
            "line",
            [
                "class": name, "x1": short(x1), "y1": short(y1), "x2": short(x2), "y2": short(y2),
                "vector-effect": "non-scaling-stroke",
            ])
    }

    /// A coordinate with up to two decimals.
    static func short(_ value: Double) -> String {
        let hundredths = (value * 100).rounded()
        guard abs(hundredths) < 1e15 else { return value.formatted(decimals: 2) }
        let (whole, rest) = abs(Int64(hundredths)).quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return "\(sign)\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
    }
}
