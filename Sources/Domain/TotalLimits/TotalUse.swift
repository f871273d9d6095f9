/// What all worker types together have, and what they cost.
package struct TotalUse: Hashable, Sendable {
    /// Running, booting and requested capacity, with that of cancelled requests that EC2 may have fulfilled.
    package var capacity = 0
    package var instances = 0
    /// US dollars an hour, at the prices in force.
    package var usdPerHour = 0.0
    /// The instances whose price is unknown.
    package var unpricedInstances = 0
    /// US dollars that were spent since the begin of the day.
    package var usdToday = 0.0
    /// US dollars that were spent since the begin of the month.
    package var usdThisMonth = 0.0

    package init() {}

    /// - Parameter prices: nil where no limit of spend needs them.
    package init(_ tally: FleetTally, prices: HourlyPrices?) {
        capacity = tally.total
        // A sum of whole billionths does not depend on the order of the instances.
        var perHour = Price.zero
        for (kind, count) in tally.instances {
            instances += count
            guard let prices else { continue }
            if let price = prices.price(of: kind) {
                perHour = perHour.adding(price, times: count)
            } else {
                unpricedInstances += count
            }
        }
        usdPerHour = perHour.usd
    }
}
