/// About what launches cost an hour, at the spot prices that were fetched last.
package struct SpendEstimate: Hashable, Sendable {
    /// US dollars an hour.
    package private(set) var perHour = 0.0
    /// Instances whose price is not known: on demand, or in pools without a price.
    package private(set) var unpriced = 0

    package init() {}

    /// - Parameter launches: open ones; those that EC2 has not shown yet cost nothing yet.
    package init(launches: [Launch], prices: [Pool: Price]) {
        for launch in launches where launch.state == .visible && launch.instanceId != nil {
            if launch.market == .spot, let price = prices[launch.pool] {
                perHour += price.usd
            } else {
                unpriced += 1
            }
        }
    }

    package func adding(_ other: SpendEstimate) -> SpendEstimate {
        var sum = self
        sum.perHour += other.perHour
        sum.unpriced += other.unpriced
        return sum
    }

    /// What the number leaves out, for a person.
    package var note: String { unpriced == 0 ? "" : ", without \(unpriced) instances of unknown price" }
}
