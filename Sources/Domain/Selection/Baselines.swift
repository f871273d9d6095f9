/// Baselines for comparisons with the other strategies. Neither searches the best cover. Both keep the bounds; a share of
/// 1 gives the policies of the original service.
enum Baselines {
    /// Draws pools with equal probability, one instance at a time, among the pools below their limit, until the demand
    /// is covered. Nil when no further instance fits before that.
    static func randomZone(
        _ pools: [SurveyedPool], in bounds: PoolCover.Bounds, random: inout SeededRandom
    ) -> [Int]? {
        var counts = [Int](repeating: 0, count: pools.count)
        var open = Array(pools.indices)
        var covered = 0
        while covered < bounds.demand {
            guard let place = open.indices.randomElement(using: &random) else { return nil }
            let index = open[place]
            let capacity = pools[index].capacity
            if counts[index] < bounds.limit(capacity: capacity), covered + capacity <= bounds.ceiling {
                counts[index] += 1
                covered += capacity
            } else {
                // The order of the other pools does not matter: all have the same probability.
                open.swapAt(place, open.count - 1)
                open.removeLast()
            }
        }
        return counts
    }

    /// Fills the pools one after another, by effective price for each unit of capacity, then by pool. Nil when
    /// all pools together do not cover the demand.
    static func cheapestPool(_ pools: [SurveyedPool], in bounds: PoolCover.Bounds) -> [Int]? {
        var counts = [Int](repeating: 0, count: pools.count)
        var covered = 0
        let prices = pools.map { Double($0.effectivePrice.nanodollars) / Double($0.capacity) }
        // The index makes the order stable: pools are already sorted by price and pool.
        for index in pools.indices.sorted(by: { (prices[$0], $0) < (prices[$1], $1) }) {
            let capacity = pools[index].capacity
            let wanted = (bounds.demand - covered + capacity - 1) / capacity
            let count = max(
                0,
                min(wanted, bounds.limit(capacity: capacity), (bounds.ceiling - covered) / capacity))
            counts[index] = count
            covered += count * capacity
            if covered >= bounds.demand { return counts }
        }
        return nil
    }
}
