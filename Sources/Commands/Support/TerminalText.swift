import Formats

/// Text for standard output or standard error. Literals are words of this program and stay as they are; every value in
/// an interpolation, and every text in a variable, is escaped (`SafeText`); colours are added after that.
struct TerminalText {
    /// What is written.
    let rendered: String

    /// Escapes a text.
    init(_ text: String) { rendered = SafeText.escaped(text) }

    /// Escapes a text, and adds a style where standard output shows styles.
    init(_ text: String, _ style: Terminal.Style?) {
        let safe = SafeText.escaped(text)
        guard Terminal.usesColour, let style else {
            rendered = safe
            return
        }
        rendered = "\u{1b}[\(style.rawValue)m\(safe)\u{1b}[0m"
    }

    /// A JSON document: its writer escapes.
    init(json: JSONValue, pretty: Bool = false) throws {
        rendered = pretty ? String(decoding: try json.serialized(pretty: true), as: UTF8.self) : json.inline
    }

    /// Takes a text as it is: for output of this program that consists of escaped parts already.
    init(escaped: String) { rendered = escaped }

    /// The text in a limited width. A longer text ends with a mark, and with the end of its styles.
    ///
    /// - Parameter columns: the width, at least 1. Style sequences take no width.
    func truncated(to columns: Int) -> TerminalText {
        var kept = ""
        var keptBeforeMark = ""
        var width = 0
        var rest = rendered[...]
        while let character = rest.first {
            if character == "\u{1b}", let end = rest.firstIndex(of: "m") {
                kept += rest[...end]
                if width < columns { keptBeforeMark = kept }
                rest = rest[rest.index(after: end)...]
                continue
            }
            width += 1
            guard width <= columns else {
                let end = keptBeforeMark.contains("\u{1b}") ? "\u{1b}[0m" : ""
                return TerminalText(escaped: keptBeforeMark + SafeText.mark + end)
            }
            kept.append(character)
            if width < columns { keptBeforeMark = kept }
            rest = rest.dropFirst()
        }
        return self
    }

    static func + (left: TerminalText, right: TerminalText) -> TerminalText {
        TerminalText(escaped: left.rendered + right.rendered)
    }
}

extension TerminalText: ExpressibleByStringInterpolation {
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var rendered = ""

        init(literalCapacity: Int, interpolationCount: Int) { rendered.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { rendered += literal }

        mutating func appendInterpolation(_ text: TerminalText) { rendered += text.rendered }

        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            rendered += SafeText.escaped(value.description)
        }

        mutating func appendInterpolation(_ text: String, _ style: Terminal.Style?) {
            rendered += TerminalText(text, style).rendered
        }
    }

    init(stringLiteral value: String) { rendered = value }

    init(stringInterpolation: StringInterpolation) { rendered = stringInterpolation.rendered }
}
