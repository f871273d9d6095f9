import Domain
package import Formats

/// A corpus of hostile JSON: texts that a parser must refuse, unusual texts that it must accept, and shapes that make a
/// simple parser slow.
package enum HostileJSON {
    /// A text that the parser refuses, with its first problem.
    package struct Refusal: Sendable, CustomStringConvertible {
        package let bytes: [UInt8]
        package let line: Int
        package let column: Int
        package let problem: JSONParsingError.Problem

        package var description: String { String(decoding: bytes.prefix(60), as: UTF8.self) }

        init(_ text: String, _ column: Int, _ problem: JSONParsingError.Problem, line: Int = 1) {
            self.init(Array(text.utf8), column, problem, line: line)
        }

        init(_ bytes: [UInt8], _ column: Int, _ problem: JSONParsingError.Problem, line: Int = 1) {
            self.bytes = bytes
            self.line = line
            self.column = column
            self.problem = problem
        }
    }

    /// At the default limits.
    package static let refused: [Refusal] =
        incomplete + grammar + numbers + strings + encodings + limits

    private static let incomplete: [Refusal] = [
        .init("", 1, .unexpectedEnd), .init(" \t\r\n", 1, .unexpectedEnd, line: 2),
        .init("[", 2, .unexpectedEnd), .init("[1", 3, .unexpectedEnd), .init("[1,", 4, .unexpectedEnd),
        .init("{", 2, .unexpectedEnd), .init(#"{"a""#, 5, .unexpectedEnd),
        .init(#"{"a":"#, 6, .unexpectedEnd), .init(#"{"a":1"#, 7, .unexpectedEnd),
        .init(#"{"a":1,"#, 8, .unexpectedEnd), .init(#"""#, 2, .unexpectedEnd),
        .init(#""a"#, 3, .unexpectedEnd), .init(#""\"#, 3, .unexpectedEnd),
        .init(#""\u00"#, 6, .unexpectedEnd), .init("tru", 4, .unexpectedEnd), .init("-", 2, .unexpectedEnd),
        .init("1.", 3, .unexpectedEnd), .init("1e", 3, .unexpectedEnd), .init("1e+", 4, .unexpectedEnd),
    ]

    private static let grammar: [Refusal] = [
        .init("[,]", 2, .expected("a value")), .init("[1,]", 4, .expected("a value")),
        .init("[1 2]", 4, .expected("a comma or a closing bracket")),
        .init("[1}", 3, .expected("a comma or a closing bracket")),
        .init("{,}", 2, .expected("a member name in double quotes")),
        .init("{1:2}", 2, .expected("a member name in double quotes")),
        .init("{a:1}", 2, .expected("a member name in double quotes")),
        .init("{'a':1}", 2, .expected("a member name in double quotes")),
        .init(#"{"a" 1}"#, 6, .expected("a colon")), .init(#"{"a":}"#, 6, .expected("a value")),
        .init(#"{"a":1,}"#, 8, .expected("a member name in double quotes")),
        .init(#"{"a":1 "b":2}"#, 8, .expected("a comma or a closing brace")),
        .init(#"{"a":1]"#, 7, .expected("a comma or a closing brace")),
        .init(#"{"a":1,"a":1}"#, 8, .repeatedName), .init(#"{"a":1,"\u0061":2}"#, 8, .repeatedName),
        // Swift compares strings by canonical equivalence.
        .init("{\"\u{e9}\":1,\"e\u{301}\":2}", 8, .repeatedName), .init(#"{"":1,"":1}"#, 7, .repeatedName),
        .init("{\n  \"a\": 1,\n  \"é\": x\n}", 8, .expected("a value"), line: 3),
        .init("1 2", 3, .trailingContent), .init("{}{}", 3, .trailingContent),
        .init("[]]", 3, .trailingContent), .init("nullx", 5, .trailingContent),
        .init("null\u{0}", 5, .trailingContent),
        .init("True", 1, .expected("a value")), .init("nul1", 4, .expected("null")),
        .init("NaN", 1, .expected("a value")), .init("Infinity", 1, .expected("a value")),
        .init("undefined", 1, .expected("a value")), .init("// c\n1", 1, .expected("a value")),
        .init("1 /* c */", 3, .trailingContent), .init("'a'", 1, .expected("a value")),
        .init("\u{a0}1", 1, .expected("a value")), .init("\u{c}1", 1, .expected("a value")),
        .init("\u{2028}1", 1, .expected("a value")),
    ]

    private static let numbers: [Refusal] = [
        .init("01", 2, .trailingContent), .init("-01", 3, .trailingContent),
        .init("+1", 1, .expected("a value")), .init(".5", 1, .expected("a value")),
        .init("-.5", 2, .expected("a digit")), .init("1.e5", 3, .expected("a digit")),
        .init("1e 5", 3, .expected("a digit")), .init("--1", 2, .expected("a digit")),
        .init("-Infinity", 2, .expected("a digit")), .init("0x10", 2, .trailingContent),
        .init("1_000", 2, .trailingContent), .init("1,5", 2, .trailingContent),
        .init("\u{661}", 1, .expected("a value")), .init("1\u{661}", 2, .trailingContent),
        .init("1e309", 1, .numberTooLarge), .init("[-1e309]", 2, .numberTooLarge),
        .init("1e99999999999999999999", 1, .numberTooLarge),
        .init(String(repeating: "9", count: 400), 1, .numberTooLarge),
    ]

    private static let strings: [Refusal] = [
        .init("\"a\u{0}\"", 3, .controlCharacter), .init("\"a\n\"", 3, .controlCharacter),
        .init("\"\u{1f}\"", 2, .controlCharacter), .init("\"\t\"", 2, .controlCharacter),
        .init("{\"a\u{1}\":1}", 4, .controlCharacter),
        .init(#""\x41""#, 2, .invalidEscape), .init(#""\'""#, 2, .invalidEscape),
        .init(#""\U0041""#, 2, .invalidEscape), .init(#""\u004g""#, 2, .invalidEscape),
        .init(#""\u{41}""#, 2, .invalidEscape), .init(#""\u+041""#, 2, .invalidEscape),
        .init(#""\u00"41""#, 2, .invalidEscape),
        .init(#""\ud800""#, 2, .loneSurrogate), .init(#""a\uDC00""#, 3, .loneSurrogate),
        .init(#""\ud800\n""#, 2, .loneSurrogate), .init(#""\ud800\ud800""#, 2, .loneSurrogate),
        .init(#""\ud800\u0041""#, 2, .loneSurrogate), .init(#""\ud83dx\ude00""#, 2, .loneSurrogate),
    ]

    private static let encodings: [Refusal] = [
        .init([0xef, 0xbb, 0xbf] + Array("1".utf8), 1, .byteOrderMark),
        .init([0xfe, 0xff, 0x00, 0x31], 1, .expected("a value")),
        .init([0x31, 0x00], 2, .trailingContent), .init([0x80], 1, .expected("a value")),
        quoted([0x80]), quoted([0xff]), quoted([0xc3]), quoted([0xe2, 0x82]), quoted([0xf0, 0x9f, 0x98]),
        // Overlong forms of a slash and of U+0000.
        quoted([0xc0, 0xaf]), quoted([0xc0, 0x80]), quoted([0xe0, 0x80, 0xaf]),
        quoted([0xf0, 0x80, 0x80, 0xaf]),
        // Surrogates, as in CESU-8, and a scalar above U+10FFFF.
        quoted([0xed, 0xa0, 0x80]), quoted([0xed, 0xb0, 0x80]),
        quoted([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]), quoted([0xf4, 0x90, 0x80, 0x80]),
        quoted([0xc3] + Array(#"\u0041"#.utf8)),
    ]

    private static let limits: [Refusal] = [
        .init(String(repeating: "[", count: 65), 65, .tooDeep(maximum: 64)),
        .init(nested(65), 65, .tooDeep(maximum: 64)),
        .init(String(repeating: #"{"a":"#, count: 65), 64 * 5 + 1, .tooDeep(maximum: 64)),
        .init(String(repeating: #"[{"a":"#, count: 33), 32 * 6 + 1, .tooDeep(maximum: 64)),
        .init("{\"\(String(repeating: "a", count: 513))\":1}", 2, .nameTooLong(maximum: 512)),
        .init("{\"\(String(repeating: "é", count: 65))\":1}", 2, .nameTooLong(maximum: 128)),
    ]

    private static func quoted(_ bytes: [UInt8]) -> Refusal {
        .init([0x22] + bytes + [0x22], 1, .invalidUTF8)
    }

    /// Nested empty arrays.
    package static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    /// Texts at the boundary of the grammar and the limits, with their values.
    package static let accepted: [(text: String, value: JSONValue)] = [
        ("0", 0), ("-0", 0), ("-0.0", 0), ("1.0", 1), ("1e2", 100), ("1E+2", 100), ("100e-2", 1), ("0e5", 0),
        ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("-9223372036854775809", .integer(.min)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
        ("5e-324", .number(.leastNonzeroMagnitude)),
        ("1e-400", 0), ("0.1", 0.1), (String(repeating: "9", count: 300), .number(1e300)),
        ("0." + String(repeating: "0", count: 10_000) + "1", 0),
        (" \t\r\n[ ] \n", []), (#"{ "a" : [ { } ] }"#, ["a": [[:]]]), (#"{"":{"":""}}"#, ["": ["": ""]]),
        (#""\"\\\/\b\f\n\r\t\u0000\u00e9\uD83D\uDE00""#, .string("\"\\/\u{8}\u{c}\n\r\t\u{0}é😀")),
        ("\"\u{7f}\u{80}\u{2028}\u{fffe}\u{10ffff}\"", .string("\u{7f}\u{80}\u{2028}\u{fffe}\u{10ffff}")),
        (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]), ("[true,false,null]", [true, false, nil]),
        ("{\"\(String(repeating: "a", count: 512))\":1}", [String(repeating: "a", count: 512): 1]),
        ("{\"\(String(repeating: "é", count: 64))\":1}", [String(repeating: "é", count: 64): 1]),
    ]

    /// Documents of about `size` bytes that are slow in a parser with more than linear time, by name.
    package static func shapes(size: Int) -> [(name: String, text: String)] {
        func list(_ element: String) -> String {
            "[" + Array(repeating: element, count: size / (element.utf8.count + 1)).joined(separator: ",")
                + "]"
        }
        func filled(_ text: String) -> String { String(repeating: text, count: size / text.utf8.count) }
        let names = (0..<size / 12).map { index in "\"\(String(index, radix: 36))\":0" }
        // Names of the maximum length.
        let marked = (0..<size / 136).map { index in
            let start = String(index, radix: 36)
            let marks = String(repeating: "\u{300}\u{316}", count: (128 - start.utf8.count) / 4)
            return "\"\(start)\(marks)\":0"
        }
        return [
            ("open brackets", filled("[")), ("open members", filled(#"{"a":"#)),
            ("balanced brackets", nested(size / 2)), ("nested to the limit", list(nested(63))),
            ("empty objects", list("{}")), ("objects of one member", list(#"{"a":0}"#)),
            ("digits", list("0")), ("fractions", list("1.5e-7")), ("one long number", filled("9")),
            ("escapes", "\"" + filled(#"\u00e9"#) + "\""),
            ("short escapes", "\"" + filled(#"\n"#) + "\""),
            ("surrogates", "\"" + filled(#"\ud83d\ude00"#) + "\""),
            ("empty strings", list("\"\"")), ("wide object", "{" + names.joined(separator: ",") + "}"),
            ("combining marks in a name", "{\"" + filled("\u{300}\u{316}") + "\":0}"),
            ("names of combining marks", "{" + marked.joined(separator: ",") + "}"),
            ("combining marks in a string", "\"" + filled("\u{300}\u{316}") + "\""),
            ("blanks", filled(" ")), ("blanks between", list("0" + String(repeating: " ", count: 100))),
            ("line feeds and an error", filled("\n") + "x"), ("open string", "\"" + filled("a")),
            ("unknown literals", list("nul")),
        ]
    }
}
