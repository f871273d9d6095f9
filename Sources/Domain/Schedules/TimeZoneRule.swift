import Formats

/// The yearly rule at the end of a time zone file, in the form of the POSIX variable TZ: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule {
    /// A day of each year, with a local time.
    private enum Day {
        /// The weekday (0 for Sunday) of a week (5 for the last) of a month.
        case weekday(month: Int, week: Int, weekday: Int)
        /// From 1 to 365, without leap days.
        case julian(Int)
        /// From 0 to 365, with leap days.
        case ofYear(Int)
    }

    private struct Change {
        let day: Day
        /// Seconds after local midnight.
        let time: Int
    }

    private let standard: Int
    /// The offset of daylight-saving time with its beginning and end; nil for a constant offset.
    private var daylight: (offset: Int, start: Change, end: Change)?

    /// Creates nil for a text of another form.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard Self.skipName(&rest), let west = Self.seconds(&rest) else { return nil }
        standard = -west
        if rest.isEmpty { return }
        guard Self.skipName(&rest) else { return nil }
        var offset = standard + 3600
        if rest.first != UInt8(ascii: ",") {
            guard let west = Self.seconds(&rest) else { return nil }
            offset = -west
        }
        guard let start = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else { return nil }
        daylight = (offset, start, end)
    }

    /// The transitions from 1970 to the end of a year.
    func transitions(upTo lastYear: Int) -> [TimeZoneOffsets.Transition] {
        guard let daylight else { return [] }
        return (1970...lastYear).flatMap { year in
            [
                TimeZoneOffsets.Transition(
                    time: Self.localTime(daylight.start, in: year) - standard, offset: daylight.offset),
                TimeZoneOffsets.Transition(
                    time: Self.localTime(daylight.end, in: year) - daylight.offset, offset: standard),
            ]
        }.sorted { $0.time < $1.time }
    }

    /// Seconds from 1970-01-01T00:00 on the local clock.
    private static func localTime(_ change: Change, in year: Int) -> Int {
        let firstDay = GregorianDay.daysSince1970(year: year, month: 1, day: 1)
        let day: Int =
            switch change.day {
            case .julian(let day): firstDay + day - 1 + (GregorianDay.isLeap(year) && day > 59 ? 1 : 0)
            case .ofYear(let day): firstDay + day
            case .weekday(let month, let week, let weekday):
                Self.day(weekday, ofWeek: week, month: month, year: year)
            }
        return day * 86_400 + change.time
    }

    private static func day(_ weekday: Int, ofWeek week: Int, month: Int, year: Int) -> Int {
        let first = GregorianDay.daysSince1970(year: year, month: month, day: 1)
        let mondayBased = (weekday + 6) % 7
        let toFirst = (mondayBased - GregorianDay.weekday(daysSince1970: first) + 7) % 7
        let count = GregorianDay.count(inMonth: month, of: year)
        var day = toFirst + 7 * (week - 1)
        while day >= count { day -= 7 }
        return first + day
    }

    // MARK: Parsing

    /// Skips `CET` or `<+01>`.
    private static func skipName(_ rest: inout ArraySlice<UInt8>) -> Bool {
        if rest.first == UInt8(ascii: "<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let name = rest.prefix { (0x41...0x5a).contains($0 & 0xdf) }
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        guard digits.count <= 3, let value = Int(String(decoding: digits, as: UTF8.self)),
            range.contains(value)
        else { return nil }
        return value
    }

    private static func skip(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `-1`, `5:30` or `-02:30:00` as seconds.
    private static func seconds(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let isNegative = skip("-", &rest)
        if !isNegative { _ = skip("+", &rest) }
        guard let hours = number(&rest, 0...167) else { return nil }
        var total = hours * 3600
        for unit in [60, 1] where skip(":", &rest) {
            guard let value = number(&rest, 0...59) else { return nil }
            total += value * unit
        }
        return isNegative ? -total : total
    }

    /// `,M3.5.0/2`, `,J60` or `,59/3`.
    private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
        guard skip(",", &rest) else { return nil }
        let day: Day
        if skip("M", &rest) {
            guard let month = number(&rest, 1...12), skip(".", &rest), let week = number(&rest, 1...5),
                skip(".", &rest), let weekday = number(&rest, 0...6)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if skip("J", &rest) {
            guard let number = number(&rest, 1...365) else { return nil }
            day = .julian(number)
        } else {
            guard let number = number(&rest, 0...365) else { return nil }
            day = .ofYear(number)
        }
        guard skip("/", &rest) else { return Change(day: day, time: 7200) }
        return seconds(&rest).map { Change(day: day, time: $0) }
    }
}
