import Algorithms
import FoundationEssentials

/// The prices of a decision, one for each pool and platform, indexed by region and instance type.
///
/// The price of a pool is the highest of its window. It has no pools in unavailable zones and in regions that
/// could not be read. It has pools with a hold, so that the decision can show why they are not used.
package struct PriceBook: Sendable {
    /// The price of one pool for one platform.
    package struct Entry: Hashable, Sendable {
        package let pool: Pool
        package let platform: ImagePlatform
        package let price: Price
    }

    /// Sorted by region, instance type, zone, platform.
    package let entries: [Entry]
    /// The holds on spot capacity of pools for all worker types, by index of `entries`. Apart from the entries: a hold is
    /// large and rare, and each decision reads thousands of entries.
    let holds: [Int: Hold]
    private var ranges: [String: [String: Range<Int>]]

    /// - Parameters:
    ///   - prices: any number for each pool and platform; the highest is used. A price of zero is no price.
    ///   - zones: the available zones of each usable region.
    ///   - holds: the active holds.
    package init(_ prices: some Sequence<SpotPrice>, zones: [String: [String]], holds: Holds) {
        let open = zones.mapValues(Set.init)
        var highest: [PricedPool: Price] = [:]
        for price in prices
        where price.price > .zero && open[price.pool.region]?.contains(price.pool.availabilityZone) == true {
            let key = PricedPool(price.pool, price.platform)
            highest[key] = max(highest[key] ?? .zero, price.price)
        }
        entries = highest.map { Entry(pool: $0.pool, platform: $0.platform, price: $1) }.sorted {
            left, right in
            (left.pool.region, left.pool.instanceType, left.pool.availabilityZone, left.platform.rawValue)
                < (
                    right.pool.region, right.pool.instanceType, right.pool.availabilityZone,
                    right.platform.rawValue
                )
        }
        self.holds = Dictionary(
            uniqueKeysWithValues: entries.enumerated().compactMap { index, entry in
                holds.hold(on: entry.pool, .spot).map { (index, $0) }
            })
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

    /// The price of one pool for a platform; nil where it is unknown.
    package func price(of pool: Pool, for platform: ImagePlatform) -> Price? {
        guard let range = ranges[pool.region]?[pool.instanceType] else { return nil }
        return entries[range].first {
            $0.pool.availabilityZone == pool.availabilityZone && $0.platform == platform
        }?.price
    }

    /// The book without the prices of some regions.
    func without(_ regions: Set<String>) -> PriceBook {
        var book = self
        book.ranges = ranges.filter { !regions.contains($0.key) }
        return book
    }

    /// The ranges of `entries` for a region, by instance type.
    package func lines(in region: String) -> [String: Range<Int>] { ranges[region] ?? [:] }
}
