/// A time of each week with its bounds of the capacity, such as `Mon-Fri 08:00-18:00 min=10 max=200`.
///
/// It is in force while the local clock shows a time in it. In the night in which the clock is set forward it is shorter
/// by the skipped hour, and in the night in which the clock is set back the repeated hour counts twice.
package struct WeeklyWindow: Hashable, Sendable {
    /// Days and times as written.
    package let text: String
    package let minCapacity: Int?
    package let maxCapacity: Int?
    /// Minutes of the week, from Monday 00:00. A window over Sunday midnight has two parts.
    let minutes: [Range<Int>]

    static let minutesAWeek = 7 * 1440

    func contains(minute: Int) -> Bool { minutes.contains { $0.contains(minute) } }

    /// The first minute of the week that both windows contain; nil where they do not overlap.
    func firstCommonMinute(with other: WeeklyWindow) -> Int? {
        minutes.flatMap { mine in
            other.minutes.map { mine.clamped(to: $0) }.filter { !$0.isEmpty }.map(\.lowerBound)
        }.min()
    }

    /// A minute of the week as `Mon 08:00`.
    static func name(ofMinute minute: Int) -> String {
        let day = days[minute / 1440 % 7]
        return "\(day) \(padded(minute % 1440 / 60)):\(padded(minute % 60))"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The days as they are written, and as `Mon 08:00` shows them.
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    // MARK: Parsing

    /// Reads `Mon-Fri 08:00-18:00 min=10 max=200`. Days are names and ranges, separated by commas. A window that does not
    /// end later than it begins ends on the next day.
    package init(_ written: String) throws(ScheduleProblem) {
        let words = written.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count >= 3 else {
            throw ScheduleProblem(
                "must have days, times and bounds such as Mon-Fri 08:00-18:00 min=10 max=200, not \"\(written)\""
            )
        }
        text = "\(words[0]) \(words[1])"
        let days = try Self.days(words[0])
        let (start, end) = try Self.times(words[1])
        var bounds: [String: Int] = [:]
        for word in words.dropFirst(2) {
            let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2, ["min", "max"].contains(sides[0]), bounds[sides[0]] == nil,
                sides[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(sides[1]),
                value <= DocumentReader.largestCapacity
            else {
                throw ScheduleProblem(
                    "must set min and max once each to a number up to \(DocumentReader.largestCapacity), not \(word)"
                )
            }
            bounds[sides[0]] = value
        }
        minCapacity = bounds["min"]
        maxCapacity = bounds["max"]
        if let minCapacity, let maxCapacity, minCapacity > maxCapacity {
            throw ScheduleProblem("\(text): min \(minCapacity) is above max \(maxCapacity)")
        }
        minutes = days.flatMap { day -> [Range<Int>] in
            let begin = day * 1440 + start
            let length = end > start ? end - start : end + 1440 - start
            let excess = begin + length - Self.minutesAWeek
            return excess > 0
                ? [begin..<Self.minutesAWeek, 0..<excess] : [begin..<begin + length]
        }
    }

    /// `Mon-Fri`, `Sat,Sun` or `Fri-Mon` as numbers, 0 for Monday.
    private static func days(_ text: String) throws(ScheduleProblem) -> [Int] {
        var all: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { name in
                days.firstIndex { $0.lowercased() == name.lowercased() }
            }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1] else {
                throw ScheduleProblem("must have days such as Mon-Fri or Sat,Sun, not \(text)")
            }
            for offset in 0...(last - first + 7) % 7 { all.insert((first + offset) % 7) }
        }
        return all.sorted()
    }

    /// `08:00-18:00` as minutes of the day. The end may be 24:00.
    private static func times(_ text: String) throws(ScheduleProblem) -> (start: Int, end: Int) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < 1440, start != end else {
            throw ScheduleProblem(
                "must have two different times such as 08:00-18:00 or 22:00-24:00, not \(text)")
        }
        return (start, end)
    }

    private static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
            hour < 24 || hour == 24 && minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}
