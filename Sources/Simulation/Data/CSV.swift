/// Reader of comma-separated values with a header line. Quoted fields are not supported: no field of the input files
/// contains a comma.
struct CSV {
    /// A line after the header. It is valid only during the call of the body.
    struct Row {
        let source: String
        let line: Int
        fileprivate let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let fields: [Range<Int>]

        /// The text of a field, by the index of its column in `columns` of `read`.
        func text(_ column: Int) -> String {
            String(decoding: bytes[fields[column]], as: UTF8.self)
        }

        func number(_ column: Int, _ name: String, in range: ClosedRange<Double>) throws(DataError) -> Double
        {
            let text = text(column)
            guard let value = Double(text), range.contains(value) else {
                throw problem(
                    "\(name) must be a number from \(plain(range.lowerBound)) to "
                        + "\(plain(range.upperBound)), not \(CSV.quoted(text))")
            }
            return value
        }

        private func plain(_ value: Double) -> String {
            Int64(exactly: value).map(String.init) ?? "\(value)"
        }

        func problem(_ text: String) -> DataError { DataError(source, line: line, text) }
    }

    /// Reads all rows.
    ///
    /// - Parameters:
    ///   - source: the file name for errors.
    ///   - columns: required columns, in any order. Other columns are ignored.
    static func read(
        _ bytes: [UInt8], source: String, columns: [String], _ body: (Row) throws -> Void
    ) throws {
        try bytes.withUnsafeBufferPointer { bytes in
            var lines = Lines(bytes: bytes)
            guard let first = lines.next(), !first.isEmpty else {
                throw DataError(
                    source, "is empty; its first line must be \(columns.joined(separator: ","))")
            }
            let names = split(bytes, first).map { String(decoding: bytes[$0], as: UTF8.self) }
            var places: [Int] = []
            for column in columns {
                guard let place = names.firstIndex(of: column) else {
                    throw DataError(source, line: 1, "has no column \(column)")
                }
                places.append(place)
            }
            while let line = lines.next() {
                if line.isEmpty { continue }
                let fields = split(bytes, line)
                guard fields.count == names.count else {
                    throw DataError(
                        source, line: lines.number, "has \(fields.count) fields, not \(names.count)")
                }
                try body(
                    Row(source: source, line: lines.number, bytes: bytes, fields: places.map { fields[$0] }))
            }
        }
    }

    /// The first 40 characters of a text, quoted for an error message.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(40).map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return "\"\(shown.joined())\(text.unicodeScalars.count > 40 ? "..." : "")\""
    }

    private static func split(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        fields.reserveCapacity(8)
        var start = line.lowerBound
        for place in line where bytes[place] == UInt8(ascii: ",") {
            fields.append(start..<place)
            start = place + 1
        }
        fields.append(start..<line.upperBound)
        return fields
    }

    /// The lines of a text, without line terminators.
    private struct Lines {
        let bytes: UnsafeBufferPointer<UInt8>
        private var place = 0
        /// Number of the last returned line, from 1.
        private(set) var number = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        mutating func next() -> Range<Int>? {
            guard place < bytes.count else { return nil }
            let start = place
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            var end = place
            if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            place += 1
            number += 1
            return start..<end
        }
    }
}
