/// An estimate of the hourly cost of launches, at the latest spot prices.
package struct SpendEstimate: Hashable, Sendable {
    /// US dollars an hour.
    package private(set) var perHour = 0.0
    /// The number of instances without a known price: on-demand, or in pools without a price.
    package private(set) var unpriced = 0

    package init() {}

    /// - Parameters:
    ///   - launches: open launches. Launches that EC2 does not show yet cost nothing.
    ///   - markets: the markets of instances according to EC2, by instance. They take precedence over those of launches.
    package init(launches: [Launch], markets: [String: Market] = [:], prices: [Pool: Price]) {
        for launch in launches where launch.state == .visible && launch.instanceId != nil {
            let market = launch.instanceId.flatMap { markets[$0] } ?? launch.market
            if market == .spot, let price = prices[launch.pool] {
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

    /// A note for display on the instances that the estimate excludes.
    package var note: String { unpriced == 0 ? "" : ", without \(unpriced) instances of unknown price" }
}
