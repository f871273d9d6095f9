package import Domain
import Formats
import FoundationEssentials

/// Spot prices of many pools over time.
package struct PriceHistory: Sendable {
    package typealias Series = PriceSeries

    /// Ordered by pool.
    package let series: [Series]
    /// Availability zones by region, ordered.
    package let zones: [String: [String]]

    /// - Parameter prices: in any order. Of two prices of one pool and time the last one is used.
    package init(_ prices: [SpotPrice]) {
        series = Dictionary(grouping: prices, by: \.pool).map { pool, prices in
            // The sort must be stable: of equal times the last price is used.
            let ordered = prices.enumerated().sorted {
                ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset)
            }.map(\.element)
            var times: [Double] = []
            var usd: [Double] = []
            for price in ordered {
                let time = price.timestamp.timeIntervalSince1970
                if times.last == time {
                    usd[usd.count - 1] = price.price.usd
                } else {
                    times.append(time)
                    usd.append(price.price.usd)
                }
            }
            return Series(pool: pool, times: times, usd: usd)
        }.sorted { $0.pool < $1.pool }
        zones = Dictionary(grouping: series, by: \.pool.region).mapValues { series in
            Set(series.map(\.pool.availabilityZone)).sorted()
        }
    }

    /// Time of the first price of a region; nil without prices.
    package func start(of region: String) -> Double? {
        series.lazy.filter { $0.pool.region == region }.compactMap(\.times.first).min()
    }

    /// Time of the last price of a region; nil without prices.
    package func end(of region: String) -> Double? {
        series.lazy.filter { $0.pool.region == region }.compactMap(\.times.last).max()
    }
}
