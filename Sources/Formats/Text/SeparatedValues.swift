/// Reads lines of comma-separated values with quoted fields. Source: RFC 4180; a field contains no line break.
package enum SeparatedValues {
    /// The fields of a line without its line break; nil if a quotation mark is not closed or text follows it.
    package static func fields(_ line: some Sequence<UInt8>) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var state = State.start
        for byte in line {
            switch (state, byte) {
            case (.start, quote): state = .quoted
            case (.quoted, quote): state = .closed
            case (.quoted, _): field.append(byte)
            case (.closed, quote):
                field.append(quote)
                state = .quoted
            case (_, comma):
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
                state = .start
            case (.closed, _): return nil
            case (_, _):
                field.append(byte)
                state = .plain
            }
        }
        guard state != .quoted else { return nil }
        return fields + [String(decoding: field, as: UTF8.self)]
    }

    /// A text as it is written: quoted if it contains a comma, a quotation mark or a line break, and with an apostrophe
    /// before a character that begins a formula, which a spreadsheet would run.
    package static func field(_ text: String) -> String {
        let text = text.first.map { "=+-@\t\r".contains($0) } ?? false ? "'" + text : text
        return text.contains { ",\"\n\r\r\n".contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private enum State { case start, plain, quoted, closed }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
}
