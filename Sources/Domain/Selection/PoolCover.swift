/// The number of instances of each pool that cover a change, within bounds that are relaxed in a documented order.
///
/// 1. At most the pool share of the change goes to one pool, and maxCapacity is not exceeded. The share is raised
///    to an equal part for each pool where there are too few pools.
/// 2. Where no cover keeps both, the share is doubled until one does: it is relaxed before maxCapacity.
/// 3. Where every cover exceeds maxCapacity, because instances are whole, steps 1 and 2 are repeated with a ceiling
///    that is higher by less than the smallest instance that the worker type lists, if such instances can be bought.
/// 4. Else the demand is lowered to the largest capacity of whole instances below it. The rest waits for the smallest
///    instance: a larger one would exceed maxCapacity by more than necessary.
struct PoolCover {
    /// One count for each pool.
    let counts: [Int]
    let bounds: Bounds

    /// The bounds of a cover.
    struct Bounds: Hashable, Sendable {
        let demand: Int
        /// The maximum total capacity.
        let ceiling: Int
        /// The share of the demand that one pool may take.
        var share: Double

        /// The maximum number of instances of one pool: share x demand / capacity, rounded up, and at least 1.
        func limit(capacity: Int) -> Int {
            max(1, Int((share * Double(demand) / Double(capacity) - slack).rounded(.up)))
        }
    }

    /// The tolerance for binary fractions: 0.34 x 50 is 17, not slightly more.
    static let slack = 1e-9

    /// Finds the strictest bounds that can be kept, and the cover with the least total compared price in them.
    ///
    /// - Parameters:
    ///   - pools: usable pools by compared price.
    ///   - usable: the number of all usable pools of each capacity. `pools` contains fewer: the most expensive pools
    ///     cannot be part of the cover.
    ///   - smallestListed: the smallest capacity of the instance types that the worker type lists, usable or not.
    init?(
        of pools: [SurveyedPool], usable: [Int: Int], demand: Int, headroom: Int, share: Double,
        smallestListed: Int
    ) {
        guard let smallest = usable.keys.min(), demand > 0 else { return nil }
        var ceilings = [headroom]
        if smallest == smallestListed { ceilings.append(max(headroom, demand) + smallest - 1) }
        for ceiling in ceilings where ceiling >= demand {
            let poolCount = usable.filter { $0.key <= ceiling }.values.reduce(0, +)
            guard poolCount > 0 else { continue }
            var bounds = Bounds(
                demand: demand, ceiling: ceiling, share: min(1, max(share, 1 / Double(poolCount))))
            if let counts = Self.counts(of: pools, in: bounds) {
                self.init(counts: counts, bounds: bounds)
                return
            }
            let strict = bounds.share
            bounds.share = 1
            // Without a cover at share 1, there is none at a smaller share.
            guard let loosest = Self.counts(of: pools, in: bounds) else { continue }
            bounds.share = strict * 2
            while bounds.share < 1 {
                if let counts = Self.counts(of: pools, in: bounds) {
                    self.init(counts: counts, bounds: bounds)
                    return
                }
                bounds.share *= 2
            }
            bounds.share = 1
            self.init(counts: loosest, bounds: bounds)
            return
        }
        let most = min(demand - 1, headroom)
        guard let lowered = Self.largestTotal(of: usable.keys, atMost: most) else { return nil }
        self.init(
            of: pools, usable: usable, demand: lowered, headroom: headroom, share: share,
            smallestListed: smallestListed)
    }

    /// The largest sum of capacities up to a limit, each used any number of times; nil where none fits.
    private static func largestTotal(of capacities: some Collection<Int>, atMost most: Int) -> Int? {
        guard most > 0 else { return nil }
        var isSum = [Bool](repeating: false, count: most + 1)
        isSum[0] = true
        for total in 1...most {
            isSum[total] = capacities.contains { $0 <= total && isSum[total - $0] }
        }
        return isSum.lastIndex(of: true).flatMap { $0 > 0 ? $0 : nil }
    }

    private init(counts: [Int], bounds: Bounds) {
        self.counts = counts
        self.bounds = bounds
    }

    /// The counts of the least total compared price within given bounds, or nil when no cover keeps them.
    static func counts(of pools: [SurveyedPool], in bounds: Bounds) -> [Int]? {
        counts(of: pools, in: bounds) { bounds.limit(capacity: $1.capacity) }
    }

    /// The counts of the least total compared price, with a limit for each pool.
    ///
    /// A pool is dominated, and dropped, when pools of the same capacity that come before it can take all of the
    /// demand. In any cover that uses it, either they are full, and cover the demand without it, or one of them can
    /// replace one of its instances at no higher price.
    static func counts(
        of pools: [SurveyedPool], in bounds: Bounds, limit: (_ index: Int, SurveyedPool) -> Int
    ) -> [Int]? {
        var uncovered: [Int: Int] = [:]
        var kept: [(index: Int, limit: Int)] = []
        for (index, pool) in pools.enumerated() where pool.capacity <= bounds.ceiling {
            let left = uncovered[pool.capacity, default: bounds.demand]
            let limit = min(limit(index, pool), (bounds.demand + pool.capacity - 1) / pool.capacity)
            if left <= 0 || limit < 1 { continue }
            uncovered[pool.capacity] = left - limit * pool.capacity
            kept.append((index, limit))
        }
        // Capacities are counted in units of their greatest common divisor: the search is shorter by that factor.
        let unit = kept.reduce(0) { greatestCommonDivisor($0, pools[$1.index].capacity) }
        guard unit > 0 else { return nil }
        let items = kept.map { index, limit in
            CoverItem(
                capacity: pools[index].capacity / unit, price: pools[index].comparedPrice, limit: limit)
        }
        guard
            let itemCounts = LeastPriceCover.counts(
                of: items, demand: (bounds.demand + unit - 1) / unit, ceiling: bounds.ceiling / unit)
        else { return nil }
        var counts = [Int](repeating: 0, count: pools.count)
        for ((index, _), count) in zip(kept, itemCounts) { counts[index] = count }
        return counts
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
