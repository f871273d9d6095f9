/// Text from outside, in a form that is safe to print on a terminal and to write to a log.
///
/// The functions work on Unicode scalars: a `Character` can hide a line feed, because CR LF is one `Character`.
package enum SafeText {
    /// The mark at the end of a truncated text.
    package static let mark = "…"

    /// Whether a scalar has an effect beyond its glyph: controls the terminal, ends a line, changes the direction of
    /// the text around it, or is invisible. Source: Unicode's general categories and Default_Ignorable_Code_Point.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7f { return scalar.value < 0x20 }
        if scalar.value < 0xa0 { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// The text on one line, with a visible escape, `\u{1b}`, for each unsafe scalar.
    package static func escaped(_ text: String) -> String {
        // Most texts are printable ASCII, which needs no look-up in Unicode's tables.
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A log message or a value in one, truncated and escaped.
    package static func logged(_ text: String) -> String { escaped(cut(text, to: 4000)) }

    /// Truncates a text and appends a mark.
    ///
    /// - Parameter limit: the maximum length in Unicode scalars.
    package static func cut(_ text: String, to limit: Int = 200) -> String {
        let scalars = text.unicodeScalars
        guard
            let end = scalars.index(scalars.startIndex, offsetBy: max(0, limit), limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + mark
    }
}
