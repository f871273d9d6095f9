/// The first place at which a text is not JSON, or exceeds a limit of the parser.
///
/// The description never quotes the text: it may contain a secret.
package struct JSONParsingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A violation of RFC 8259 or of a limit of the parser.
    package enum Problem: Hashable, Sendable {
        case unexpectedEnd
        /// Another byte than the grammar allows. The text names what it allows.
        case expected(String)
        case trailingContent
        case byteOrderMark
        case tooDeep(maximum: Int)
        case tooManyValues(maximum: Int)
        case repeatedName
        case nameTooLong(maximum: Int)
        case numberTooLarge
        case controlCharacter
        case invalidEscape
        case loneSurrogate
        case invalidUTF8
    }

    /// Counted from 1. A line feed ends a line.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int
    package let problem: Problem

    package var description: String { "line \(line), column \(column): \(problem)" }
}

extension JSONParsingError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unexpectedEnd: "the JSON document is incomplete"
        case .expected(let element): "expected \(element)"
        case .trailingContent: "unexpected content after the JSON document"
        case .byteOrderMark: "unexpected byte order mark"
        case .tooDeep(let maximum): "nested deeper than \(maximum) levels"
        case .tooManyValues(let maximum): "more than \(maximum) values"
        case .repeatedName: "the object has another member of the same name"
        case .nameTooLong(let maximum): "the member name is longer than \(maximum) bytes"
        case .numberTooLarge: "the number is outside of the range of a 64-bit floating-point number"
        case .controlCharacter: "unescaped control character in a string"
        case .invalidEscape: "invalid escape sequence"
        case .loneSurrogate: "escape sequence of a surrogate without its pair"
        case .invalidUTF8: "the string is not UTF-8"
        }
    }
}
