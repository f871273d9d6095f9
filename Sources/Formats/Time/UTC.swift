import FoundationEssentials

/// Times in whole seconds as text, read fast: a price file has hundreds of thousands.
package enum UTC {
    /// Reads `2021-03-02T01:39:04Z`, and any other time that the API's form knows. Seconds since 1970; nil when it
    /// is none.
    package static func seconds(_ text: String) -> Double? {
        let bytes = text.utf8
        guard bytes.count == 20, bytes.last == UInt8(ascii: "Z") else {
            return Date(timestamp: text)?.timeIntervalSince1970
        }
        var fields: [Int] = []
        var value = 0
        for (place, byte) in bytes.enumerated() {
            if byte >= 48, byte <= 57 {
                value = value * 10 + Int(byte - 48)
            } else {
                let due: UInt8 = place == 4 || place == 7 ? 45 : place == 10 ? 84 : place == 19 ? 90 : 58
                let isPlace =
                    place == 4 || place == 7 || place == 10 || place == 13 || place == 16 || place == 19
                guard isPlace, byte == due else { return nil }
                fields.append(value)
                value = 0
            }
        }
        guard fields.count == 6, (1...12).contains(fields[1]), (1...31).contains(fields[2]), fields[3] < 24,
            fields[4] < 60, fields[5] < 61
        else { return nil }
        let days = daysSince1970(year: fields[0], month: fields[1], day: fields[2])
        return Double(days * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5])
    }

    /// `2021-03-02T01:39:04Z`
    package static func text(_ seconds: Double) -> String {
        let stamp = Date(timeIntervalSince1970: seconds.rounded(.down)).timestamp
        return String(stamp.prefix(19)) + "Z"
    }

    /// Days from 1970-01-01 in the Gregorian calendar; March is the first month of the reckoning, so that a leap
    /// day is the last of its year.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
