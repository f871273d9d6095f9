import Formats
package import FoundationEssentials

/// A horizontal time axis.
package struct TimeAxis {
    package let begin: Date
    package let end: Date
    /// The labels, evenly spaced from begin to end.
    package let labels: [String]

    /// Creates an axis with five labels: times of day, or days if the axis is longer than two days.
    package init(begin: Date, end: Date) {
        self.begin = begin
        self.end = end
        let length = end.timeIntervalSince(begin)
        labels = (0...4).map { index in
            let stamp = begin.addingTimeInterval(length * Double(index) / 4).timestamp
            return length > 2 * 86_400
                ? String(stamp.dropFirst(5).prefix(5)) : String(stamp.dropFirst(11).prefix(5))
        }
    }

    /// Creates an axis with five labels: the time since its begin. It ends with the data.
    package init(begin: Date, elapsed seconds: Double) {
        let (name, unit) =
            seconds <= 2 * 3600 ? ("min", 60.0) : seconds <= 2 * 86_400 ? ("h", 3600) : ("days", 86_400)
        let values = (0...4).map { seconds / unit * Double($0) / 4 }
        let isWhole = values.allSatisfy { abs($0 - $0.rounded()) < 0.01 }
        self.begin = begin
        end = begin.addingTimeInterval(seconds)
        labels = values.map { "\($0.formatted(decimals: isWhole ? 0 : 1)) \(name)" }
    }

    /// The position of a time, from 0 at the begin to 1 at the end.
    package func place(_ date: Date) -> Double {
        let length = max(1, end.timeIntervalSince(begin))
        return min(1, max(0, date.timeIntervalSince(begin) / length))
    }
}
