import Algorithms
package import Domain
import Formats
import FoundationEssentials

/// Spot prices of many pools over time.
package struct PriceHistory: Sendable {
    /// The prices of one pool. A price is valid until the next; before the first price the pool is not offered.
    package struct Series: Sendable {
        package let pool: Pool
        /// Start of each price, seconds since 1970, ascending.
        let times: [Double]
        /// US dollars an hour.
        let usd: [Double]
        /// Cost of an instance from the first price to each of `times`, US dollars.
        private let paid: [Double]

        init(pool: Pool, times: [Double], usd: [Double]) {
            self.pool = pool
            self.times = times
            self.usd = usd
            var paid: [Double] = []
            var sum = 0.0
            for index in times.indices {
                if index > 0 { sum += usd[index - 1] * (times[index] - times[index - 1]) / 3600 }
                paid.append(sum)
            }
            self.paid = paid
        }

        /// Index of the price at a time; nil before the first.
        func index(at time: Double) -> Int? {
            let next = times.partitioningIndex { $0 > time }
            return next == 0 ? nil : next - 1
        }

        /// US dollars an hour; nil while the pool is not offered.
        func price(at time: Double) -> Double? { index(at: time).map { usd[$0] } }

        /// Cost of one instance between two times, US dollars.
        func cost(from start: Double, to end: Double) -> Double {
            paidUp(to: end) - paidUp(to: start)
        }

        private func paidUp(to time: Double) -> Double {
            guard let index = index(at: time) else { return 0 }
            return paid[index] + usd[index] * (time - times[index]) / 3600
        }

        /// The highest price between two times; nil when the pool was not offered.
        func highest(from start: Double, to end: Double) -> Double? {
            guard let last = index(at: end) else { return nil }
            let first = index(at: start) ?? 0
            return usd[min(first, last)...last].max()
        }

        /// The first time from `start` on at which the price exceeds a bid; nil when it never does.
        func firstAbove(_ bid: Double, from start: Double) -> Double? {
            guard let first = index(at: start) else { return nil }
            return usd[first...].firstIndex { $0 > bid }.map { max(times[$0], start) }
        }
    }

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
