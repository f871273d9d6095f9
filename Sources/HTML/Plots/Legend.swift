/// The meanings of the colours and lines of a figure.
package struct Legend {
    package struct Entry {
        let name: String
        let style: String
        let isLine: Bool

        /// - Parameter style: the class of the shape in the style sheet.
        package init(name: String, style: String, isLine: Bool = false) {
            self.name = name
            self.style = style
            self.isLine = isLine
        }
    }

    private let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    package var markup: Markup {
        tag("ul", ["class": "legend"]) {
            for entry in entries {
                tag("li") {
                    Self.swatch(entry.style, isLine: entry.isLine)
                    entry.name
                }
            }
        }
    }

    /// A sample of a shape, hidden from screen readers.
    package static func swatch(_ style: String, isLine: Bool) -> Markup {
        tag("svg", ["class": "swatch", "viewBox": "0 0 32 16", "aria-hidden": "true"]) {
            if isLine {
                SVGFigure.line(class: "line \(style)", 0, 8, 32, 8)
            } else {
                SVGFigure.bar(class: style, x: 0, y: 0, width: 32, height: 16)
            }
        }
    }
}
