import Formats
import FoundationEssentials

/// A scale between two round numbers, with a round number in the middle.
package struct Axis {
    package let low: Double
    package let high: Double

    /// Creates a scale that includes all values.
    ///
    /// - Parameters:
    ///   - fromZero: whether the scale begins at zero, and not at a round number near the least value.
    ///   - least: the least end of a scale from zero, so that small values do not look large.
    package init(of values: some Collection<Double>, fromZero: Bool, atLeast least: Double = 2) {
        let finite = values.filter(\.isFinite)
        let most = finite.max() ?? 0
        if fromZero {
            low = 0
            high = max(least, Self.roundUp(most))
        } else {
            let least = finite.min() ?? 0
            let step = Self.roundUp(max(most - least, most * 0.05, 1e-4) / 2)
            let begin = (least / step).rounded(.down) * step
            let end = (most / step).rounded(.up) * step
            low = max(0, begin)
            high = end > low ? end : low + step
        }
    }

    /// The position of a value, from 0 at the bottom to 1 at the top.
    package func place(_ value: Double) -> Double { (min(max(value, low), high) - low) / (high - low) }

    /// The labels from the top, with the decimals that distinguish the numbers.
    package var labels: [String] {
        let numbers = [high, (low + high) / 2, low]
        let decimals = (0..<6).first { decimals in
            numbers.allSatisfy {
                abs((Double($0.formatted(decimals: decimals)) ?? .infinity) - $0) < (high - low) * 1e-6
            }
        }
        return numbers.map { $0.formatted(decimals: decimals ?? 6) }
    }

    /// 1, 2, 4, 6, 8 or 10 times a power of ten, from 30 on also 3 or 5 times: numbers with a round half.
    private static func roundUp(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        var power = 1.0
        while power * 10 <= value, power < 1e15 { power *= 10 }
        while power > value, power > 1e-9 { power /= 10 }
        let rounds: [Double] = power < 10 ? [1, 2, 4, 6, 8, 10] : [1, 2, 3, 4, 5, 6, 8, 10]
        return (rounds.first { $0 * power >= value - power * 1e-9 } ?? 10) * power
    }
}
