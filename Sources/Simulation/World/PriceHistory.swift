package import Domain
import FoundationEssentials

/// The spot prices of many pools over time: what a pool costs now, cost in a while, or was at its highest.
package struct PriceHistory: Sendable {
    /// One pool. A price holds until the next; before the first the pool is not offered.
    package struct Series: Sendable {
        package let pool: Pool
        /// When each price came into force, seconds since 1970, rising.
        let times: [Double]
        /// US dollars an hour.
        let usd: [Double]
        /// What an instance costs from the first price up to each time, US dollars.
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

        /// The place of the price in force; nil before the first.
        func index(at time: Double) -> Int? {
            var low = 0
            var high = times.count
            while low < high {
                let middle = (low + high) / 2
                if times[middle] <= time { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? nil : low - 1
        }

        /// US dollars an hour; nil while the pool is not offered.
        func price(at time: Double) -> Double? { index(at: time).map { usd[$0] } }

        /// US dollars for one instance between two times.
        func cost(from start: Double, to end: Double) -> Double {
            paidUp(to: end) - paidUp(to: start)
        }

        private func paidUp(to time: Double) -> Double {
            guard let index = index(at: time) else { return 0 }
            return paid[index] + usd[index] * (time - times[index]) / 3600
        }

        /// The highest price in force between two times; nil when there was none.
        func highest(from start: Double, to end: Double) -> Double? {
            guard let last = index(at: end) else { return nil }
            let first = index(at: start) ?? 0
            return usd[min(first, last)...last].max()
        }

        /// When the price is above a bid for the first time at or after a time; nil when it never is.
        func firstAbove(_ bid: Double, from start: Double) -> Double? {
            guard let first = index(at: start) else { return nil }
            return usd[first...].firstIndex { $0 > bid }.map { max(times[$0], start) }
        }
    }

    /// In order of pool.
    package let series: [Series]
    /// The availability zones of each region, in order.
    package let zones: [String: [String]]

    /// - Parameter prices: in any order; of two for one pool and second the later counts.
    package init(_ prices: [SpotPrice]) {
        series = Dictionary(grouping: prices, by: \.pool).map { pool, prices in
            // A stable sort: of equal times the one that stood later stays behind, and wins.
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

    /// When the first price of a region came into force; nil without any.
    package func start(of region: String) -> Double? {
        series.lazy.filter { $0.pool.region == region }.compactMap(\.times.first).min()
    }

    /// When the last price of a region came into force; nil without any.
    package func end(of region: String) -> Double? {
        series.lazy.filter { $0.pool.region == region }.compactMap(\.times.last).max()
    }
}
