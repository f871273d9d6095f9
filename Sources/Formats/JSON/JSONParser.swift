/// A strict parser of JSON (RFC 8259) for documents that come from outside.
///
/// It takes time linear in the length of the document, accepted or refused, and its recursion is bounded by
/// `maximumDepth`. Of the choices that the RFC leaves to a parser, it makes the strict one: UTF-8 only, no byte order
/// mark, no repeated names, no lone surrogates, no numbers beyond the range of `Double`.
package struct JSONParser {
    /// The length of a member name in ASCII, and of any other. Bytes.
    ///
    /// A dictionary hashes its keys in normalized form. That takes time quadratic in the length of a run of combining
    /// marks, so that the second bound keeps the parser linear.
    package static let maximumNameLength = (ascii: 512, other: 128)

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private let maximumValues: Int
    private var position = 0
    private var values = 0
    /// The number of bytes that were examined, copied or hashed: a measure of time that does not vary.
    private(set) var steps = 0

    package init(_ bytes: [UInt8], maximumDepth: Int, maximumValues: Int = .max) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.maximumValues = maximumValues
    }

    /// Parses the whole document.
    package mutating func parse() throws(JSONParsingError) -> JSONValue {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw failure(.byteOrderMark, at: 0) }
        skipBlanks()
        let value = try parseValue(depth: 0)
        skipBlanks()
        if peek() != nil { throw failure(.trailingContent) }
        return value
    }

    // MARK: Values

    /// - Parameter depth: the number of arrays and objects around the value.
    private mutating func parseValue(depth: Int) throws(JSONParsingError) -> JSONValue {
        values += 1
        if values > maximumValues { throw failure(.tooManyValues(maximum: maximumValues)) }
        switch peek() {
        case UInt8(ascii: "{")?: return .object(try parseObject(depth: depth + 1))
        case UInt8(ascii: "[")?: return .array(try parseArray(depth: depth + 1))
        case UInt8(ascii: "\"")?: return .string(try parseString())
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try parseNumber()
        case UInt8(ascii: "t")?: return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f")?: return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n")?: return try parseLiteral("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONParsingError) -> JSONObject {
        try checkDepth(depth)
        position += 1
        var members: JSONObject = [:]
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return members }
        // A dictionary that grows hashes its keys again, which takes long for names that are not ASCII. So the number
        // of members is found first.
        var collected: [(name: String, value: JSONValue, start: Int)] = []
        while true {
            let start = position
            guard peek() == UInt8(ascii: "\"") else { throw unexpected("a member name in double quotes") }
            let name = try parseString()
            try checkLength(of: name, at: start)
            skipBlanks()
            guard skip(UInt8(ascii: ":")) else { throw unexpected("a colon") }
            skipBlanks()
            collected.append((name, try parseValue(depth: depth), start))
            skipBlanks()
            if skip(UInt8(ascii: "}")) { break }
            guard skip(UInt8(ascii: ",")) else { throw unexpected("a comma or a closing brace") }
            skipBlanks()
        }
        members.reserveCapacity(collected.count)
        for (name, value, start) in collected {
            steps += name.utf8.count
            guard members.updateValue(value, forKey: name) == nil else {
                throw failure(.repeatedName, at: start)
            }
        }
        return members
    }

    private func checkLength(of name: String, at start: Int) throws(JSONParsingError) {
        let (ascii, other) = Self.maximumNameLength
        guard name.utf8.count > other else { return }
        let limit = name.utf8.allSatisfy { $0 < 0x80 } ? ascii : other
        if name.utf8.count > limit { throw failure(.nameTooLong(maximum: limit), at: start) }
    }

    private mutating func parseArray(depth: Int) throws(JSONParsingError) -> [JSONValue] {
        try checkDepth(depth)
        position += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try parseValue(depth: depth))
            skipBlanks()
            if skip(UInt8(ascii: "]")) { return elements }
            guard skip(UInt8(ascii: ",")) else { throw unexpected("a comma or a closing bracket") }
            skipBlanks()
        }
    }

    private func checkDepth(_ depth: Int) throws(JSONParsingError) {
        if depth > maximumDepth { throw failure(.tooDeep(maximum: maximumDepth)) }
    }

    private mutating func parseLiteral(
        _ text: String, _ value: JSONValue
    ) throws(JSONParsingError) -> JSONValue {
        for byte in text.utf8 {
            guard skip(byte) else { throw unexpected(text) }
        }
        return value
    }

    // MARK: Numbers

    /// A whole number that fits is an integer, however it is written: `100`, `100.0` and `1e2` are equal.
    private mutating func parseNumber() throws(JSONParsingError) -> JSONValue {
        let start = position
        let isNegative = skip(UInt8(ascii: "-"))
        var integer: Int64? = 0
        if !skip(UInt8(ascii: "0")) {
            try parseDigits { digit in
                guard let value = integer else { return }
                let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, isSumTooLarge) =
                    isNegative
                    ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
                integer = isTooLarge || isSumTooLarge ? nil : sum
            }
        }
        if skip(UInt8(ascii: ".")) {
            integer = nil
            try parseDigits()
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            integer = nil
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try parseDigits()
        }
        if let integer { return .integer(integer) }
        steps += position - start
        guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)), number.isFinite
        else {
            throw failure(.numberTooLarge, at: start)
        }
        return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    private mutating func parseDigits(_ body: (Int64) -> Void = { _ in }) throws(JSONParsingError) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            body(Int64(byte - UInt8(ascii: "0")))
            position += 1
        }
        if position == start { throw unexpected("a digit") }
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONParsingError) -> String {
        let start = position
        position += 1
        /// The string up to the last escape sequence.
        var unescaped: [UInt8] = []
        var run = position
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                steps += position - start
                let text: String?
                if unescaped.isEmpty {
                    text = String(validating: bytes[run..<position], as: UTF8.self)
                } else {
                    unescaped += bytes[run..<position]
                    text = String(validating: unescaped, as: UTF8.self)
                }
                position += 1
                guard let text else { throw failure(.invalidUTF8, at: start) }
                return text
            case UInt8(ascii: "\\"):
                unescaped += bytes[run..<position]
                try parseEscape(into: &unescaped)
                run = position
            case 0..<0x20: throw failure(.controlCharacter)
            default: position += 1
            }
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONParsingError) {
        let start = position
        position += 1
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var value = try parseHexadecimal(escape: start)
            if (0xd800..<0xdc00).contains(value) {
                guard skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else {
                    throw failure(.loneSurrogate, at: start)
                }
                let trail = try parseHexadecimal(escape: start)
                guard (0xdc00..<0xe000).contains(trail) else { throw failure(.loneSurrogate, at: start) }
                value = 0x10000 + ((value - 0xd800) << 10) + (trail - 0xdc00)
            }
            // Nil is a trail surrogate alone.
            guard let scalar = Unicode.Scalar(value) else { throw failure(.loneSurrogate, at: start) }
            text += UTF8.encode(scalar).map(Array.init) ?? []
        default: throw failure(.invalidEscape, at: start)
        }
    }

    /// - Parameter escape: the position of the escape sequence.
    private mutating func parseHexadecimal(escape: Int) throws(JSONParsingError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek() else { throw failure(.unexpectedEnd) }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw failure(.invalidEscape, at: escape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Bytes

    private mutating func peek() -> UInt8? {
        steps += 1
        return position < bytes.count ? bytes[position] : nil
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
        }
    }

    private mutating func unexpected(_ element: String) -> JSONParsingError {
        failure(peek() == nil ? .unexpectedEnd : .expected(element))
    }

    private func failure(_ problem: JSONParsingError.Problem, at place: Int? = nil) -> JSONParsingError {
        let before = bytes.prefix(place ?? position)
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return JSONParsingError(
            line: 1 + before.count { $0 == 0x0a },
            // A byte 10xxxxxx continues a scalar.
            column: 1 + before[lineStart...].count { $0 & 0xc0 != 0x80 },
            problem: problem)
    }
}
