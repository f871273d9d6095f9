import Formats

/// The strategy `diversified`: the thinnest spread over pools that a bounded premium pays for.
///
/// A level is a share of all the capacity that the worker type will have in pools: what it holds and what it buys.
/// A pool at or above the level gets nothing more; one below it may be filled up to it, by whole instances. Of the
/// levels from a tenth in steps of a twentieth, the lowest is taken at which some cover keeps to all bounds and costs
/// at most the premium over the least-cost cover; and of its covers, the cheapest.
struct SpreadSolver {
    let counts: [Int]
    let terms: PoolChoice.Spread

    /// The lowest level, in twentieths. Spread thinner than a tenth, one pool more protects little.
    private static let thinnest = 2

    /// - Parameters:
    ///   - least: the least-cost cover, which the premium is counted from.
    ///   - held: the capacity that the worker type has in a line's pool already.
    init(
        _ lines: [PoolSurvey.Line], least: PoolCover, heldInAll: Int, maxPremium: Double,
        held: (PoolSurvey.Line) -> Int
    ) {
        let bounds = least.bounds
        let leastPrice = PoolSurvey.total(lines, least.counts)
        let mostPrice = Price(usd: leastPrice.usd * (1 + maxPremium))
        let holdings = lines.map(held)
        let all = heldInAll + bounds.demand
        func counts(twentieths: Int) -> [Int]? {
            let counts = PoolCover.counts(of: lines, in: bounds) { index, line in
                PoolChoice.Spread.limit(
                    level: Double(twentieths) / 20, all: all, held: holdings[index],
                    share: bounds.limit(capacity: line.capacity), capacity: line.capacity)
            }
            return counts.flatMap { PoolSurvey.total(lines, $0) <= mostPrice ? $0 : nil }
        }
        // At the level of all, no pool is limited by it. A higher level allows all that a lower one does, so the
        // lowest is found by halving.
        var lowest = (twentieths: 20, counts: least.counts)
        var range = Self.thinnest..<20
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if let counts = counts(twentieths: middle) {
                lowest = (middle, counts)
                range = range.lowerBound..<middle
            } else {
                range = middle + 1..<range.upperBound
            }
        }
        self.counts = lowest.counts
        terms = PoolChoice.Spread(
            level: Double(lowest.twentieths) / 20, heldInAll: heldInAll, leastPrice: leastPrice,
            maxPremium: maxPremium)
    }
}

extension PoolChoice.Spread {
    /// The most instances that a pool may take at a level: (level x all - held) / capacity, rounded up, and not more
    /// than its share of the change.
    static func limit(level: Double, all: Int, held: Int, share: Int, capacity: Int) -> Int {
        let below = (level * Double(all) - Double(held)) / Double(capacity)
        return min(share, max(0, Int((below - PoolCover.slack).rounded(.up))))
    }
}

extension PoolSurvey {
    /// What a number of instances of each line cost together, as they are compared.
    static func total(_ lines: [Line], _ counts: [Int]) -> Price {
        zip(lines, counts).reduce(.zero) { $0.adding($1.0.comparedPrice, times: $1.1) }
    }
}
