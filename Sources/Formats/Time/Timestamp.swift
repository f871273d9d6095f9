package import FoundationEssentials

extension Date {
    /// ISO 8601 in UTC with milliseconds, `2026-01-01T00:00:00.000Z`: the format of the API.
    package var timestamp: String {
        // The formatter truncates, and a time that is read from text may be slightly below its millisecond.
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded() / 1000 + 0.000_1)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// ISO 8601 in UTC, truncated to seconds: `2026-01-01T00:00:00Z`.
    package var timestampInSeconds: String { String(timestamp.prefix(19)) + "Z" }

    /// Reads an ISO 8601 time in UTC or with an offset, with or without a fraction of a second. Nil for any other text.
    package init?(timestamp text: String) {
        var utf8 = text
        if let fields = utf8.withUTF8({ UTCFields($0) }) {
            // The formatter accepts hour 25 as an hour of the next day.
            guard let seconds = fields.seconds else { return nil }
            self.init(timeIntervalSince1970: seconds)
        } else if let date = Self.formatted(text) {
            self = date
        } else {
            return nil
        }
    }

    private static func formatted(_ text: String) -> Date? {
        if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) {
            return date
        }
        // Some credential sources write nanoseconds.
        var text = text
        if let point = text.firstIndex(of: ".") {
            let digits = text[text.index(after: point)...].prefix { $0.isNumber }
            text.removeSubrange(point..<digits.endIndex)
        }
        return try? Date(text, strategy: Date.ISO8601FormatStyle())
    }

    /// The time truncated to milliseconds, the precision of `timestamp`.
    package var wholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000 + 0.01).rounded(.down) / 1000)
    }
}

/// The fields of the formats `2026-11-24T04:13:05Z` and `2026-11-24T04:13:05.000Z`, read without a formatter: price files
/// and responses of EC2 contain tens of thousands of them.
private struct UTCFields {
    private let year, month, day, hour, minute, second, milliseconds: Int

    /// Nil for a text of another format.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 20 || bytes.count == 24 && bytes[19] == 0x2e, bytes[bytes.count - 1] == 0x5a,
            bytes[4] == 0x2d, bytes[7] == 0x2d, bytes[10] == 0x54, bytes[13] == 0x3a, bytes[16] == 0x3a
        else { return nil }
        func number(_ start: Int, _ end: Int) -> Int? {
            var value = 0
            for index in start..<end {
                guard (0x30...0x39).contains(bytes[index]) else { return nil }
                value = value * 10 + Int(bytes[index] - 0x30)
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 7), let day = number(8, 10),
            let hour = number(11, 13), let minute = number(14, 16), let second = number(17, 19),
            let milliseconds = bytes.count == 24 ? number(20, 23) : 0
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second, self.milliseconds) = (hour, minute, second, milliseconds)
    }

    /// Seconds since 1970; nil for a time that does not exist.
    var seconds: Double? {
        guard day >= 1, day <= GregorianDay.count(inMonth: month, of: year), hour < 24,
            minute < 60,
            second < 60
        else { return nil }
        let days = GregorianDay.daysSince1970(year: year, month: month, day: day)
        return Double(days * 86_400 + hour * 3600 + minute * 60 + second) + Double(milliseconds) / 1000
    }
}
