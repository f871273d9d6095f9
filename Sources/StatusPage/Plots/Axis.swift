import Domain
import FoundationEssentials

/// A scale from one round number to another, with one in the middle.
struct Axis {
    let low: Double
    let high: Double

    /// Holds all values; from zero for counts, else as close as round numbers allow.
    init(of values: some Collection<Double>, fromZero: Bool) {
        let finite = values.filter(\.isFinite)
        let most = finite.max() ?? 0
        if fromZero {
            low = 0
            high = max(2, Self.roundUp(most))
        } else {
            let least = finite.min() ?? 0
            let step = Self.roundUp(max(most - least, most * 0.05, 1e-4) / 2)
            let begin = (least / step).rounded(.down) * step
            let end = (most / step).rounded(.up) * step
            low = max(0, begin)
            high = end > low ? end : low + step
        }
    }

    /// A value's place, 0 at the bottom and 1 at the top.
    func place(_ value: Double) -> Double { (min(max(value, low), high) - low) / (high - low) }

    /// What is written beside it, from the top.
    func labels(decimals: Int) -> [String] {
        [high, (low + high) / 2, low].map { fixed($0, decimals) }
    }

    /// 1, 2, 4, 6, 8 or 10 times a power of ten: numbers whose half is round as well.
    private static func roundUp(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        var power = 1.0
        while power * 10 <= value, power < 1e15 { power *= 10 }
        while power > value, power > 1e-9 { power /= 10 }
        return ([1, 2, 4, 6, 8, 10].first { $0 * power >= value - power * 1e-9 } ?? 10) * power
    }
}

/// A stretch of time, left to right.
struct TimeAxis {
    let begin: Date
    let end: Date

    /// A time's place, 0 at the begin and 1 at the end.
    func place(_ date: Date) -> Double {
        let length = max(1, end.timeIntervalSince(begin))
        return min(1, max(0, date.timeIntervalSince(begin) / length))
    }

    /// Five times, evenly spaced; days where it is longer than two of them.
    var labels: [String] {
        (0...4).map { index in
            let stamp = begin.addingTimeInterval(end.timeIntervalSince(begin) * Double(index) / 4).timestamp
            return end.timeIntervalSince(begin) > 2 * 86_400
                ? String(stamp.dropFirst(5).prefix(5)) : String(stamp.dropFirst(11).prefix(5))
        }
    }
}
