/// Writes JSON, members sorted by the bytes of their keys: without blanks, or for a reader, a line for each value.
///
/// `JSONEncoder` does the same by way of protocols and boxes that the runtime has to look up: a tenth of all that a
/// request executes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    private var depth = 0

    init(pretty: Bool = false) { isPretty = pretty }

    mutating func write(_ value: JSONValue) throws {
        switch value {
        case .null: write("null")
        case .bool(let value): write(value ? "true" : "false")
        case .integer(let value): write(value.description)
        case .number(let value): try write(value)
        case .string(let value): writeQuoted(value)
        case .array(let values):
            begin("[")
            var isFirst = true
            for value in values {
                separate(&isFirst)
                try write(value)
            }
            end("]", isEmpty: isFirst)
        case .object(let members):
            begin("{")
            var isFirst = true
            for (key, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                separate(&isFirst)
                writeQuoted(key)
                write(isPretty ? " : " : ":")
                try write(value)
            }
            end("}", isEmpty: isFirst)
        }
    }

    private mutating func write(_ text: String) { bytes += text.utf8 }

    private mutating func separate(_ isFirst: inout Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        startLine()
    }

    private mutating func begin(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        depth += 1
    }

    /// What is empty ends on the line on which it began.
    private mutating func end(_ bracket: Unicode.Scalar, isEmpty: Bool) {
        depth -= 1
        if !isEmpty { startLine() }
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func startLine() {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }

    /// The shortest text that reads as the same number; a whole one without a fraction, as `JSONEncoder` has it.
    private mutating func write(_ number: Double) throws {
        guard number.isFinite else {
            throw EncodingError.invalidValue(
                number, EncodingError.Context(codingPath: [], debugDescription: "JSON has no such number"))
        }
        let text = number.description
        write(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    private mutating func writeQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): write("\\\"")
            case UInt8(ascii: "\\"): write("\\\\")
            case 0x08: write("\\b")
            case 0x09: write("\\t")
            case 0x0a: write("\\n")
            case 0x0c: write("\\f")
            case 0x0d: write("\\r")
            case 0..<0x20:
                write("\\u00")
                for digit in [byte >> 4, byte & 0xf] {
                    bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
