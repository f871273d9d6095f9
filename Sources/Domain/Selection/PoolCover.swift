/// How many instances of each pool cover a change, within bounds that give way in a documented order.
///
/// 1. At most the pool share of the change goes to one pool, and maxCapacity is not passed. The share is raised to
///    an equal part for each pool where there are too few of them.
/// 2. Where no cover keeps both, the share is doubled until one does: it gives way before maxCapacity.
/// 3. Where every cover passes maxCapacity, because instances are whole, the same with a ceiling that is passed by
///    less than the smallest instance.
struct PoolCover {
    /// For each line.
    let counts: [Int]
    let bounds: Bounds

    /// What a cover has to keep to.
    struct Bounds: Hashable, Sendable {
        let demand: Int
        /// The total capacity that may not be passed.
        let ceiling: Int
        /// The share of the demand that one pool may take.
        var share: Double

        /// The most instances of one pool: share x demand / capacity, rounded up. One may always be had.
        func limit(capacity: Int) -> Int {
            max(1, Int((share * Double(demand) / Double(capacity) - slack).rounded(.up)))
        }
    }

    /// What is lost to binary fractions: 0.34 x 50 is 17, and not a little more.
    static let slack = 1e-9

    /// Finds the strictest bounds that can be kept, and the cover with the least total compared price in them.
    ///
    /// - Parameters:
    ///   - lines: usable pools by compared price.
    ///   - fitting: how many usable pools there are of each capacity; more than `lines` has, which may leave out
    ///     what cannot matter.
    init?(
        of lines: [PoolSurvey.Line], fitting: [Int: Int], demand: Int, headroom: Int, share: Double
    ) {
        guard let smallest = fitting.keys.min(), demand > 0 else { return nil }
        for ceiling in [headroom, max(headroom, demand) + smallest - 1] where ceiling >= demand {
            let pools = fitting.filter { $0.key <= ceiling }.values.reduce(0, +)
            guard pools > 0 else { continue }
            var bounds = Bounds(
                demand: demand, ceiling: ceiling, share: min(1, max(share, 1 / Double(pools))))
            if let counts = Self.counts(of: lines, in: bounds) {
                self.init(counts: counts, bounds: bounds)
                return
            }
            let strict = bounds.share
            bounds.share = 1
            // Where not even one pool for all would do, no share in between does.
            guard let loosest = Self.counts(of: lines, in: bounds) else { continue }
            bounds.share = strict * 2
            while bounds.share < 1 {
                if let counts = Self.counts(of: lines, in: bounds) {
                    self.init(counts: counts, bounds: bounds)
                    return
                }
                bounds.share *= 2
            }
            bounds.share = 1
            self.init(counts: loosest, bounds: bounds)
            return
        }
        return nil
    }

    private init(counts: [Int], bounds: Bounds) {
        self.counts = counts
        self.bounds = bounds
    }

    /// The counts of the least total compared price within given bounds, or nil when no cover keeps them.
    static func counts(of lines: [PoolSurvey.Line], in bounds: Bounds) -> [Int]? {
        counts(of: lines, in: bounds) { bounds.limit(capacity: $1.capacity) }
    }

    /// The same with a limit for each pool.
    ///
    /// A pool is dominated, and dropped, when pools of the same capacity that come before it can take all of the
    /// demand: in any cover that uses it, either they are full, and cover the demand without it, or one of its
    /// instances can be had there for no more.
    static func counts(
        of lines: [PoolSurvey.Line], in bounds: Bounds, limit: (_ index: Int, PoolSurvey.Line) -> Int
    ) -> [Int]? {
        var room: [Int: Int] = [:]
        var kept: [(index: Int, limit: Int)] = []
        for (index, line) in lines.enumerated() where line.capacity <= bounds.ceiling {
            let left = room[line.capacity, default: bounds.demand]
            let limit = min(limit(index, line), (bounds.demand + line.capacity - 1) / line.capacity)
            if left <= 0 || limit < 1 { continue }
            room[line.capacity] = left - limit * line.capacity
            kept.append((index, limit))
        }
        // Capacities that share a divisor are counted in its units: the search is shorter by that factor.
        let unit = kept.reduce(0) { greatestCommonDivisor($0, lines[$1.index].capacity) }
        guard unit > 0 else { return nil }
        let items = kept.map { index, limit in
            CoverItem(
                capacity: lines[index].capacity / unit, price: lines[index].comparedPrice, limit: limit)
        }
        guard
            let some = LeastPriceCover.counts(
                of: items, demand: (bounds.demand + unit - 1) / unit, ceiling: bounds.ceiling / unit)
        else { return nil }
        var counts = [Int](repeating: 0, count: lines.count)
        for ((index, _), count) in zip(kept, some) { counts[index] = count }
        return counts
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
