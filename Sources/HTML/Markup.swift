import Formats

/// A piece of HTML or SVG that is well-formed and escaped by construction: the names of elements and attributes are
/// literals of this program, every text and every value is escaped, and there is no other way to make one.
package struct Markup: Sendable {
    package private(set) var html: String

    private init(html: String) { self.html = html }

    /// Nothing.
    package init() { html = "" }

    /// Text, escaped.
    package init(_ text: String) { html = Self.escaped(text) }

    /// An element. The few that HTML knows without an end have none.
    package init(_ name: StaticString, _ attributes: Attributes, _ content: Markup) {
        var html = "<\(name)\(attributes.html)>"
        switch "\(name)" {
        case "input", "meta": break
        default: html += content.html + "</\(name)>"
        }
        self.html = html
    }

    /// A whole page, with the one style sheet that `Content-Security-Policy` names by its hash.
    ///
    /// - Parameter head: what its head holds beside that.
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

    /// Replaces the characters that have a meaning in HTML, and all unsafe scalars but line feed and tab: controls,
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

    /// The attributes of an element; those without a value are left out.
    package struct Attributes: ExpressibleByDictionaryLiteral {
        fileprivate let html: String

        package init(dictionaryLiteral elements: (StaticString, String?)...) {
            html = elements.reduce(into: "") { html, pair in
                if let value = pair.1 { html += " \(pair.0)=\"\(Markup.escaped(value))\"" }
            }
        }
    }
}

/// Joins what stands one after another.
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

/// An element with what is in it.
package func tag(
    _ name: StaticString, _ attributes: Markup.Attributes = [:],
    @MarkupBuilder _ content: () -> Markup = { Markup() }
) -> Markup {
    Markup(name, attributes, content())
}

/// An element with text in it.
package func tag(_ name: StaticString, _ attributes: Markup.Attributes = [:], _ text: String) -> Markup {
    Markup(name, attributes, Markup(text))
}
