/// Writes JSON, members sorted by the bytes of their keys.
///
/// `JSONEncoder` takes a tenth of the time of a request, because it looks up protocols and boxes at run time.
package struct JSONWriter {
    /// The white space of a document.
    package enum Form {
        /// No white space.
        case compact
        /// One line, with a blank after each comma and colon.
        case inline
        /// A line for each value.
        case pretty
        /// A line for each array and object that fits the width; a line for each element of the others.
        case wrapped(width: Int)
    }

    private(set) var bytes: [UInt8] = []
    private let form: Form
    private var depth = 0
    /// Whether each element of the current array or object has its own line.
    private var isBroken: Bool

    package init(_ form: Form = .compact) {
        self.form = form
        switch form {
        case .compact, .inline: isBroken = false
        case .pretty, .wrapped: isBroken = true
        }
    }

    package mutating func write(_ value: JSONValue) throws {
        let outer = isBroken
        defer { isBroken = outer }
        switch value {
        case .null: write("null")
        case .bool(let value): write(value ? "true" : "false")
        case .integer(let value): write(value.description)
        case .number(let value): try write(value)
        case .string(let value): writeQuoted(value)
        case .array(let values):
            isBroken = outer && breaks(value)
            begin("[")
            var isFirst = true
            for value in values {
                separate(&isFirst)
                try write(value)
            }
            end("]", isEmpty: isFirst)
        case .object(let members):
            isBroken = outer && breaks(value)
            begin("{")
            var isFirst = true
            for (key, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                separate(&isFirst)
                writeQuoted(key)
                write(colon)
                try write(value)
            }
            end("}", isEmpty: isFirst)
        }
    }

    private mutating func write(_ text: String) { bytes += text.utf8 }

    private var colon: String {
        switch form {
        case .compact: ":"
        case .inline: ": "
        case .pretty: " : "
        case .wrapped: isBroken ? ": " : ":"
        }
    }

    private func breaks(_ value: JSONValue) -> Bool {
        guard case .wrapped(let width) = form, depth > 0 else { return true }
        var columns = width - 2 * depth
        Self.spend(value, &columns)
        return columns < 0
    }

    /// Subtracts the columns of a value's compact form. Stops below 0: a large value takes no longer than a line.
    private static func spend(_ value: JSONValue, _ columns: inout Int) {
        guard columns >= 0 else { return }
        switch value {
        case .null: columns -= 4
        case .bool: columns -= 5
        case .integer(let value): columns -= value.description.utf8.count
        case .number(let value): columns -= value.description.utf8.count
        case .string(let value): columns -= value.utf8.count + 2
        case .array(let values):
            columns -= 2
            for value in values {
                guard columns >= 0 else { return }
                columns -= 1
                spend(value, &columns)
            }
        case .object(let members):
            columns -= 2
            for (key, value) in members {
                guard columns >= 0 else { return }
                columns -= key.utf8.count + 4
                spend(value, &columns)
            }
        }
    }

    private mutating func separate(_ isFirst: inout Bool) {
        if !isFirst {
            bytes.append(UInt8(ascii: ","))
            if case .inline = form { bytes.append(UInt8(ascii: " ")) }
        }
        isFirst = false
        startLine()
    }

    private mutating func begin(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        depth += 1
    }

    /// An empty array or object ends on the line on which it began.
    private mutating func end(_ bracket: Unicode.Scalar, isEmpty: Bool) {
        depth -= 1
        if !isEmpty { startLine() }
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func startLine() {
        guard isBroken else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }

    /// Writes the shortest text of the number, without a fraction for a whole number, like `JSONEncoder`.
    private mutating func write(_ number: Double) throws {
        guard number.isFinite else {
            throw EncodingError.invalidValue(
                number, EncodingError.Context(codingPath: [], debugDescription: "JSON has no such number"))
        }
        let text = number.description
        write(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// Unsafe scalars are escaped, even where JSON allows them: a document may reach a terminal or a log.
    private mutating func writeQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
            bytes += text.utf8
        } else {
            for scalar in text.unicodeScalars { write(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": write("\\\"")
        case "\\": write("\\\\")
        case "\u{8}": write("\\b")
        case "\t": write("\\t")
        case "\n": write("\\n")
        case "\u{c}": write("\\f")
        case "\r": write("\\r")
        case _ where SafeText.isUnsafe(scalar):
            for unit in scalar.utf16 {
                write("\\u")
                for shift in [12, 8, 4, 0] {
                    let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0xf
                    bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            }
        default: bytes += scalar.utf8
        }
    }
}

extension JSONValue {
    /// The value on one line, its keys sorted.
    package var inline: String { text(.inline) }

    /// The value on several lines: an array or object that fits the width has one line, and otherwise a line for each
    /// element.
    ///
    /// - Parameter width: columns of a line.
    package func wrapped(width: Int = 88) -> String { text(.wrapped(width: width)) }

    /// A number that JSON cannot express gives `null`: no parsed document has one.
    private func text(_ form: JSONWriter.Form) -> String {
        var writer = JSONWriter(form)
        do { try writer.write(self) } catch { return "null" }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
