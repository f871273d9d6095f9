import Formats

/// A piece of HTML or SVG that is well-formed and escaped by construction: the names of elements and attributes are
/// literals of this program, and every text and every value is escaped.
package struct Markup: Sendable {
    package private(set) var html: String

    private init(html: String) { self.html = html }

    /// Empty markup.
    package init() { html = "" }

    /// Escapes text.
    package init(_ text: String) { html = Self.escaped(text) }

    /// An element. Void elements have no end tag.
    package init(_ name: StaticString, _ attributes: Attributes, _ content: Markup) {
        var html = "<\(name)\(attributes.html)>"
        switch "\(name)" {
        case "input", "meta": break
        default: html += content.html + "</\(name)>"
        }
        self.html = html
    }

    /// A complete page with the style sheet, whose hash is in `Content-Security-Policy`.
    ///
    /// - Parameter head: further content of the head.
    package static func page(title: String, head: Markup = Markup(), @MarkupBuilder _ body: () -> Markup)
        -> Markup
    {
        let root = tag("html", ["lang": "en"]) {
            tag("head") {
                tag("meta", ["charset": "utf-8"])
                head
                tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                tag("title", [:], title)
                Markup(html: "<style>\(StyleSheet.text)</style>")
            }
            tag("body") { body() }
        }
        return Markup(html: "<!DOCTYPE html>\n" + root.html + "\n")
    }

    package static func + (left: Markup, right: Markup) -> Markup { Markup(html: left.html + right.html) }

    package static func += (left: inout Markup, right: Markup) { left.html += right.html }

    /// Replaces the characters with a meaning in HTML, and all unsafe scalars except line feed and tab: controls,
    /// invisible characters, and characters that change the direction of the text around them.
    fileprivate static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where SafeText.isUnsafe(scalar): escaped += "\u{fffd}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The attributes of an element. Attributes without a value are omitted.
    package struct Attributes: ExpressibleByDictionaryLiteral {
        fileprivate let html: String

        package init(dictionaryLiteral elements: (StaticString, String?)...) {
            html = elements.reduce(into: "") { html, pair in
                if let value = pair.1 { html += " \(pair.0)=\"\(Markup.escaped(value))\"" }
            }
        }
    }
}

/// Joins the statements of a block.
@resultBuilder
package enum MarkupBuilder {
    package static func buildExpression(_ markup: Markup) -> Markup { markup }
    package static func buildExpression(_ text: String) -> Markup { Markup(text) }
    package static func buildBlock(_ parts: Markup...) -> Markup { parts.reduce(into: Markup()) { $0 += $1 } }
    package static func buildOptional(_ part: Markup?) -> Markup { part ?? Markup() }
    package static func buildEither(first part: Markup) -> Markup { part }
    package static func buildEither(second part: Markup) -> Markup { part }
    package static func buildArray(_ parts: [Markup]) -> Markup { parts.reduce(into: Markup()) { $0 += $1 } }
}

/// An element with content.
package func tag(
    _ name: StaticString, _ attributes: Markup.Attributes = [:],
    @MarkupBuilder _ content: () -> Markup = { Markup() }
) -> Markup {
    Markup(name, attributes, content())
}

/// An element with text.
package func tag(_ name: StaticString, _ attributes: Markup.Attributes = [:], _ text: String) -> Markup {
    Markup(name, attributes, Markup(text))
}
