/// A file of the IANA time zone database in the form of RFC 9636 (TZif), as in /usr/share/zoneinfo.
package enum TimeZoneFile {
    /// The reason why a file cannot be used.
    package struct Problem: Error, Hashable, CustomStringConvertible, Sendable {
        package let description: String
    }

    /// The years for which the rule at the end of a file is evaluated.
    private static let lastYear = 2100

    /// Reads the offsets of a file.
    package static func offsets(_ bytes: [UInt8]) throws(Problem) -> TimeZoneOffsets {
        var reader = Reader(bytes: bytes)
        let first = try Header(&reader)
        guard first.version >= UInt8(ascii: "2") else {
            throw Problem(description: "is of version 1 of the format, which ends in 2037")
        }
        // Readers of version 1 read the first block, which has times of 32 bits.
        try reader.skip(first.length(timeSize: 4))
        let header = try Header(&reader)
        let block = try reader.read(header.length(timeSize: 8))
        let footer = reader.rest
        var data = Reader(bytes: Array(block))
        var times: [Int] = []
        for _ in 0..<header.times { times.append(Int(try data.integer(8))) }
        let indexes = try data.read(header.times).map(Int.init)
        var offsets: [Int] = []
        for _ in 0..<header.types {
            offsets.append(Int(try data.integer(4)))
            try data.skip(2)
        }
        guard let initial = offsets.first, zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }),
            indexes.allSatisfy(offsets.indices.contains), offsets.allSatisfy({ abs($0) <= 26 * 3600 })
        else { throw Problem(description: "contains invalid transitions") }
        var transitions = zip(times, indexes).map {
            TimeZoneOffsets.Transition(time: $0, offset: offsets[$1])
        }
        let text = String(decoding: footer, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        if !text.isEmpty {
            guard let rule = TimeZoneRule(text) else {
                throw Problem(description: "has an invalid rule \(text)")
            }
            let last = times.last ?? .min
            transitions += rule.transitions(upTo: lastYear).filter { $0.time > last }
        }
        return TimeZoneOffsets(initial: initial, transitions: transitions)
    }

    /// The header of a block.
    private struct Header {
        let version: UInt8
        let times: Int
        let types: Int
        private let abbreviations: Int
        private let leapSeconds: Int
        private let indicators: Int

        init(_ reader: inout Reader) throws(Problem) {
            guard Array(try reader.read(4)) == Array("TZif".utf8) else {
                throw Problem(description: "is no time zone file")
            }
            version = try reader.read(1).first ?? 0
            try reader.skip(15)
            var counts: [Int] = []
            for _ in 0..<6 { counts.append(Int(try reader.integer(4))) }
            guard counts.allSatisfy({ (0...100_000).contains($0) }) else {
                throw Problem(description: "contains invalid counts")
            }
            indicators = counts[0] + counts[1]
            leapSeconds = counts[2]
            times = counts[3]
            types = counts[4]
            abbreviations = counts[5]
        }

        /// The length of the block's data in bytes.
        func length(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + abbreviations + leapSeconds * (timeSize + 4) + indicators
        }
    }

    /// Reads bytes in their order.
    private struct Reader {
        private(set) var rest: ArraySlice<UInt8>

        init(bytes: [UInt8]) { rest = bytes[...] }

        mutating func read(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw Problem(description: "is truncated") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func skip(_ count: Int) throws(Problem) { _ = try read(count) }

        /// A signed integer of 4 or 8 bytes, the most significant byte first.
        mutating func integer(_ size: Int) throws(Problem) -> Int64 {
            let bits = try read(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
        }
    }
}
