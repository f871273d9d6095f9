import Algorithms
import Formats

/// The strategy `diversified`: the thinnest spread over pools at a bounded premium.
///
/// A level is a share of all the capacity that the worker type will have in pools, held and new. A pool at
/// or above the level gets no more capacity; a pool below it may be filled up to it, by whole instances. The solver
/// uses the lowest level, from a tenth in steps of a twentieth, at which some cover keeps all bounds and costs at most
/// the premium over the least-cost cover, and the cheapest cover at that level.
struct SpreadSolver {
    let counts: [Int]
    let spread: SelectionParameters.Spread

    /// The lowest level, in twentieths. Below a tenth, another pool protects little.
    private static let thinnest = 2

    /// - Parameters:
    ///   - least: the least-cost cover, which the premium is counted from.
    ///   - held: the capacity that the worker type already has in a pool.
    init(
        _ pools: [SurveyedPool], least: PoolCover, heldInAll: Int, maxPremium: Double,
        held: (SurveyedPool) -> Int
    ) {
        let bounds = least.bounds
        let leastPrice = PoolSurvey.total(of: pools, counts: least.counts)
        let mostPrice = Price(usd: leastPrice.usd * (1 + maxPremium))
        let holdings = pools.map(held)
        let all = heldInAll + bounds.demand
        func counts(twentieths: Int) -> [Int]? {
            let counts = PoolCover.counts(of: pools, in: bounds) { index, pool in
                SelectionParameters.Spread.limit(
                    level: Double(twentieths) / 20, all: all, held: holdings[index],
                    share: bounds.limit(capacity: pool.capacity), capacity: pool.capacity)
            }
            return counts.flatMap { PoolSurvey.total(of: pools, counts: $0) <= mostPrice ? $0 : nil }
        }
        // Level 20 limits no pool. A higher level allows each cover of a lower one, so a binary search finds the lowest.
        var lowest = (twentieths: 20, counts: least.counts)
        _ = (Self.thinnest..<20).partitioningIndex { twentieths in
            guard let counts = counts(twentieths: twentieths) else { return false }
            if twentieths < lowest.twentieths { lowest = (twentieths, counts) }
            return true
        }
        self.counts = lowest.counts
        spread = SelectionParameters.Spread(
            level: Double(lowest.twentieths) / 20, heldInAll: heldInAll, leastPrice: leastPrice,
            maxPremium: maxPremium)
    }
}

extension SelectionParameters.Spread {
    /// The maximum number of instances of a pool at a level: (level x all - held) / capacity, rounded up, and not more
    /// than its share of the change.
    static func limit(level: Double, all: Int, held: Int, share: Int, capacity: Int) -> Int {
        let below = (level * Double(all) - Double(held)) / Double(capacity)
        return min(share, max(0, Int((below - PoolCover.slack).rounded(.up))))
    }
}

extension PoolSurvey {
    /// The total compared price of a number of instances of each pool.
    static func total(of pools: [SurveyedPool], counts: [Int]) -> Price {
        zip(pools, counts).reduce(.zero) { $0.adding($1.0.comparedPrice, times: $1.1) }
    }
}
