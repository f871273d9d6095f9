import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("JSON")
struct JSONTests {
    private func written(_ value: JSONValue) throws -> String {
        String(decoding: try value.serialized(), as: UTF8.self)
    }

    @Test("is written without blanks, its members sorted, its numbers as they were read")
    func form() throws {
        let text =
            #"{"":null,"A":[],"a":[true,false,{"z":1}],"b":-0.5,"c":1e-07,"d":9223372036854775807,"é":"/"}"#
        #expect(try written(JSONValue(parsing: Data(text.utf8))) == text)
        #expect(try written(.number(3)) == "3")
        #expect(try written(.number(0.1)) == "0.1")
        #expect(throws: EncodingError.self) { try written(.number(.infinity)) }
        #expect(throws: EncodingError.self) { try written(.array([.number(.nan)])) }
    }

    @Test("reads back as the written value")
    func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let value = arbitrary(depth: 3, &random)
            let text = try value.serialized()
            #expect(try JSONValue(parsing: text) == value)
            // Foundation's own writer as the judge of what it says.
            #expect(try JSONValue(parsing: JSONEncoder().encode(value)) == value)
        }
    }

    @Test("is printed like Foundation's pretty form, except that empty arrays and objects stay on one line")
    func pretty() throws {
        let value: JSONValue = ["a": [], "b": [:], "c": [1, ["d": [[]]]], "e": "[ ]"]
        #expect(
            String(decoding: try value.serialized(pretty: true), as: UTF8.self) == """
                {
                  "a" : [],
                  "b" : {},
                  "c" : [
                    1,
                    {
                      "d" : [
                        []
                      ]
                    }
                  ],
                  "e" : "[ ]"
                }
                """)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            // The two escape different scalars, which `escapes` is about.
            let value = arbitrary(depth: 4, isASCII: true, &random)
            let judged = String(decoding: try encoder.encode(value), as: UTF8.self)
                .replacing(/\[\n\n *\]/, with: "[]").replacing(/\{\n\n *\}/, with: "{}")
            #expect(String(decoding: try value.serialized(pretty: true), as: UTF8.self) == judged)
        }
    }

    @Test("escapes unsafe scalars without a change of its value")
    func escapes() throws {
        #expect(
            try written(.string("\u{7f}\u{9b}\u{2028}\u{202e}\u{e0041}"))
                == #""\u007f\u009b\u2028\u202e\udb40\udc41""#)
        let value: JSONValue = [HostileText.name: .string(HostileText.text)]
        let wrapped = value.wrapped(width: 40)
        for text in [try written(value), value.inline, wrapped] {
            #expect(HostileText.unsafeScalars(in: text).isEmpty)
            #expect(HostileText.forgedLines(in: text).isEmpty)
            #expect(try JSONValue(parsing: Data(text.utf8)) == value)
            // Foundation as the judge of what it says.
            let judged = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
            #expect(judged == [HostileText.name: HostileText.text])
        }
    }

    @Test("is wrapped: a value that fits has one line, and another value one line for each element")
    func wrapping() throws {
        let value: JSONValue = [
            "a": [1, 2], "b": ["long": "0123456789", "x": ["y": "0123456789"]], "c": [],
        ]
        #expect(
            value.wrapped(width: 24) == """
                {
                  "a": [1,2],
                  "b": {
                    "long": "0123456789",
                    "x": {"y":"0123456789"}
                  },
                  "c": []
                }
                """)
        #expect(
            value.inline == #"{"a": [1, 2], "b": {"long": "0123456789", "x": {"y": "0123456789"}}, "c": []}"#)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let value = arbitrary(depth: 4, &random)
            for text in [value.wrapped(width: 30), value.inline] {
                #expect(try JSONValue(parsing: Data(text.utf8)) == value)
            }
        }
    }

    private func arbitrary(
        depth: Int, isASCII: Bool = false, _ random: inout SystemRandomNumberGenerator
    ) -> JSONValue {
        switch Int.random(in: depth > 0 ? 0..<7 : 2..<7, using: &random) {
        case 0:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    arbitrary(depth: depth - 1, isASCII: isASCII, &random)
                })
        case 1:
            return .object(
                Dictionary(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        (text(isASCII, &random), arbitrary(depth: depth - 1, isASCII: isASCII, &random))
                    }, uniquingKeysWith: { first, _ in first }))
        case 2: return .string(text(isASCII, &random))
        case 3: return .integer(Int64(bitPattern: random.next()))
        // A fraction: a whole number reads as an integer.
        case 4: return .number(Double(Int.random(in: -1000...1000, using: &random)) + 0.25)
        case 5: return .bool(Bool.random(using: &random))
        default: return .null
        }
    }

    private func text(_ isASCII: Bool, _ random: inout SystemRandomNumberGenerator) -> String {
        let scalars = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
            Unicode.Scalar(
                UInt32.random(
                    in: 0...(isASCII ? 0x7e : Bool.random(using: &random) ? 0x7f : 0x1ffff), using: &random))
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
