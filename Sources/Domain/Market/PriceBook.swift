import Algorithms
package import FoundationEssentials

/// The prices that a decision may use: one for each pool, laid out so that a worker type's pools are found by
/// region and instance type without looking at the others.
///
/// The price of a pool is the highest of its window. The book contains no pools of unavailable zones and of regions that
/// could not be read. Pools with an active hold are marked, so that the decision can report them.
package struct PriceBook: Sendable {
    /// One pool's line.
    package struct Entry: Hashable, Sendable {
        package let pool: Pool
        package let price: Price
        /// The end of the hold of the pool or of its region's spot capacity; nil without one.
        package let backedOffUntil: Date?
    }

    /// Sorted by region, instance type, zone.
    package let entries: [Entry]
    private var ranges: [String: [String: Range<Int>]]

    /// - Parameters:
    ///   - prices: any number for each pool; the highest counts.
    ///   - zones: the available zones of each region that may be bid in.
    ///   - holds: the active ones.
    package init(_ prices: some Sequence<SpotPrice>, zones: [String: [String]], holds: Holds) {
        let open = zones.mapValues(Set.init)
        var highest: [Pool: Price] = [:]
        for price in prices where open[price.pool.region]?.contains(price.pool.availabilityZone) == true {
            highest[price.pool] = max(highest[price.pool] ?? .zero, price.price)
        }
        entries =
            highest.map { pool, price in
                Entry(pool: pool, price: price, backedOffUntil: holds.blockedUntil(pool))
            }.sorted { left, right in
                (left.pool.region, left.pool.instanceType, left.pool.availabilityZone)
                    < (right.pool.region, right.pool.instanceType, right.pool.availabilityZone)
            }
        var ranges: [String: [String: Range<Int>]] = [:]
        let chunks = entries.chunked { left, right in
            left.pool.region == right.pool.region && left.pool.instanceType == right.pool.instanceType
        }
        for chunk in chunks {
            guard let first = chunk.first?.pool else { continue }
            ranges[first.region, default: [:]][first.instanceType] = chunk.startIndex..<chunk.endIndex
        }
        self.ranges = ranges
    }

    /// The price of one pool, if it is known.
    package func price(of pool: Pool) -> Price? {
        guard let range = ranges[pool.region]?[pool.instanceType] else { return nil }
        return entries[range].first { $0.pool.availabilityZone == pool.availabilityZone }?.price
    }

    /// The same prices, where some regions offer nothing.
    func without(_ regions: Set<String>) -> PriceBook {
        var book = self
        book.ranges = ranges.filter { !regions.contains($0.key) }
        return book
    }

    /// The lines of a region's instance types.
    package func lines(in region: String) -> [String: Range<Int>] { ranges[region] ?? [:] }
}
