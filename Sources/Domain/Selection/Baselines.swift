/// Policies to measure the others against: what people ran. Neither looks for the best cover; both keep to the
/// bounds, with a share of 1 they are the policies as they were.
enum Baselines {
    /// Draws pools with equal chance, one instance at a time, among those that have room, until the demand is
    /// covered. Nil when that ends where nothing fits any more.
    static func randomZone(
        _ lines: [PoolSurvey.Line], in bounds: PoolCover.Bounds, random: inout SeededRandom
    ) -> [Int]? {
        var counts = [Int](repeating: 0, count: lines.count)
        var open = Array(lines.indices)
        var covered = 0
        while covered < bounds.demand {
            guard let place = open.indices.randomElement(using: &random) else { return nil }
            let index = open[place]
            let capacity = lines[index].capacity
            if counts[index] < bounds.limit(capacity: capacity), covered + capacity <= bounds.ceiling {
                counts[index] += 1
                covered += capacity
            } else {
                // The order of those that are left does not matter to an equal chance.
                open.swapAt(place, open.count - 1)
                open.removeLast()
            }
        }
        return counts
    }

    /// Fills the pools one after another, by effective price for each unit of capacity, then by pool. Nil when the
    /// demand is not covered at the end.
    static func cheapestPool(_ lines: [PoolSurvey.Line], in bounds: PoolCover.Bounds) -> [Int]? {
        var counts = [Int](repeating: 0, count: lines.count)
        var covered = 0
        let prices = lines.map { Double($0.effectivePrice.nanodollars) / Double($0.capacity) }
        // A stable order: lines are in order of price and pool already.
        for index in lines.indices.sorted(by: { (prices[$0], $0) < (prices[$1], $1) }) {
            let capacity = lines[index].capacity
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
