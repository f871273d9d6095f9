import Algorithms

/// The prices of one pool. A price is valid until the next; before the first price the pool is not offered.
package struct PriceSeries: Sendable {
    package let pool: Pool
    /// Start of each price, seconds since 1970, ascending.
    package let times: [Double]
    /// US dollars an hour.
    package let usd: [Double]
    /// Cost of an instance from the first price to each of `times`, US dollars.
    private let paid: [Double]

    package init(pool: Pool, times: [Double], usd: [Double]) {
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
    package func index(at time: Double) -> Int? {
        let next = times.partitioningIndex { $0 > time }
        return next == 0 ? nil : next - 1
    }

    /// US dollars an hour; nil while the pool is not offered.
    package func price(at time: Double) -> Double? { index(at: time).map { usd[$0] } }

    /// Cost of one instance between two times, US dollars.
    package func cost(from start: Double, to end: Double) -> Double {
        paidUp(to: end) - paidUp(to: start)
    }

    private func paidUp(to time: Double) -> Double {
        guard let index = index(at: time) else { return 0 }
        return paid[index] + usd[index] * (time - times[index]) / 3600
    }

    /// The highest price between two times; nil when the pool was not offered.
    package func highest(from start: Double, to end: Double) -> Double? {
        guard let last = index(at: end) else { return nil }
        let first = index(at: start) ?? 0
        return usd[min(first, last)...last].max()
    }

    /// The first time from `start` on at which the price exceeds a bid; nil when it never does.
    package func firstAbove(_ bid: Double, from start: Double) -> Double? {
        guard let first = index(at: start) else { return nil }
        return usd[first...].firstIndex { $0 > bid }.map { max(times[$0], start) }
    }
}
