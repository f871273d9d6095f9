/// The bounded covering problem, solved exactly: the number of pieces of each item that cover a demand at the least price.
///
/// Among covers of the same price, the result has the smallest total capacity, then the most pieces of the earlier
/// items. The result is therefore deterministic.
///
/// The work is (items) x (demand + largest capacity) steps. `PoolCover` removes dominated items first.
package enum LeastPriceCover {
    /// The counts, one for each item, or nil when no choice covers the demand.
    ///
    /// - Parameters:
    ///   - demand: the capacity to reach; nothing is bought for zero or less.
    ///   - ceiling: the maximum total capacity, or nil.
    package static func counts(of items: [CoverItem], demand: Int, ceiling: Int? = nil) -> [Int]? {
        guard demand > 0 else { return items.map { _ in 0 } }
        let usable = items.map { $0.capacity >= 1 && $0.limit >= 1 && $0.capacity <= ceiling ?? .max }
        // A minimal cover is below demand + the largest capacity.
        let largest = zip(items, usable).lazy.filter { $0.1 }.map { $0.0.capacity }.max() ?? 0
        guard largest > 0 else { return nil }
        let (sum, overflow) = demand.addingReportingOverflow(largest - 1)
        let top = min(overflow ? Int.max : sum, ceiling ?? Int.max)
        guard top >= demand, top < Int(Int32.max) else { return nil }

        var best = [Int64](repeating: unreachable, count: top + 1)
        best[0] = 0
        var taken = [[Int32]](repeating: [], count: items.count)
        for index in items.indices.reversed() where usable[index] {
            (best, taken[index]) = adding(items[index], to: best)
        }

        guard let total = (demand...top).min(by: { (best[$0], $0) < (best[$1], $1) }),
            best[total] < unreachable
        else { return nil }
        var counts = [Int](repeating: 0, count: items.count)
        var rest = total
        for index in items.indices where usable[index] {
            counts[index] = Int(taken[index][rest])
            rest -= counts[index] * items[index].capacity
        }
        return counts
    }

    /// Above any sum of prices, and low enough that the addition of a price cannot overflow.
    private static let unreachable = Int64.max / 4

    /// Adds an item to a table of the least price for each exact total.
    ///
    /// For totals of the same remainder by the item's capacity this is a minimum over a sliding window, kept in
    /// a monotone queue: the time does not depend on the limit.
    private static func adding(_ item: CoverItem, to best: [Int64]) -> (best: [Int64], taken: [Int32]) {
        var result = best
        var taken = [Int32](repeating: 0, count: best.count)
        let price = item.price.nanodollars
        let step = item.capacity
        var window: [(pieces: Int, relative: Int64)] = []
        for remainder in 0..<min(step, best.count) {
            window.removeAll(keepingCapacity: true)
            var head = 0
            var pieces = 0
            for total in stride(from: remainder, to: best.count, by: step) {
                // The price relative to buying `pieces` pieces: comparable across the window.
                let paid = Price.product(price, pieces)
                let relative = best[total] >= unreachable ? unreachable : best[total] - paid
                if relative < unreachable {
                    // An equal older entry has more pieces of this item, so it is preferred.
                    while window.count > head, let last = window.last, last.relative > relative {
                        window.removeLast()
                    }
                    window.append((pieces, relative))
                }
                while head < window.count, pieces - window[head].pieces > item.limit { head += 1 }
                if head < window.count {
                    result[total] = min(unreachable, window[head].relative + paid)
                    taken[total] = Int32(pieces - window[head].pieces)
                } else {
                    result[total] = unreachable
                }
                pieces += 1
            }
        }
        return (result, taken)
    }
}

extension Price {
    /// Billionths of a dollar for a number of pieces, clamped so that the sum of two of them cannot overflow.
    fileprivate static func product(_ nanodollars: Int64, _ pieces: Int) -> Int64 {
        let (product, overflow) = nanodollars.multipliedReportingOverflow(by: Int64(pieces))
        return overflow ? Int64.max / 8 : min(product, Int64.max / 8)
    }
}
