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

    /// Creates an axis labelled with the time since its begin. It ends at a round time, not before the given time.
    package init(begin: Date, elapsed seconds: Double) {
        let (name, unit, step) =
            Self.steps.first { seconds <= $0.unit * $0.step * Self.mostSteps }
            ?? ("days", 86_400, (seconds / 86_400 / Self.mostSteps).rounded(.up))
        let count = max(1, Int((seconds / (unit * step)).rounded(.up)))
        self.begin = begin
        end = begin.addingTimeInterval(Double(count) * unit * step)
        labels = (0...count).map { "\((Double($0) * step).formatted(decimals: 0)) \(name)" }
    }

    private static let mostSteps = 9.0
    private static let steps: [(name: String, unit: Double, step: Double)] =
        [1, 2, 5, 10].map { ("min", 60, $0) } + [1, 2, 3, 4, 6, 12].map { ("h", 3600, $0) }
        + [1, 2, 5, 10, 20, 50].map { ("days", 86_400, $0) }

    /// The position of a time, from 0 at the begin to 1 at the end.
    package func place(_ date: Date) -> Double {
        let length = max(1, end.timeIntervalSince(begin))
        return min(1, max(0, date.timeIntervalSince(begin) / length))
    }
}
