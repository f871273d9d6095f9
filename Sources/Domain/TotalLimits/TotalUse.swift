/// What all worker types together have, and what they cost.
package struct TotalUse: Hashable, Sendable {
    /// Running, booting and requested capacity.
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
        for (kind, count) in tally.instances {
            instances += count
            guard let prices else { continue }
            if let usd = prices.usd(kind) {
                usdPerHour += usd * Double(count)
            } else {
                unpricedInstances += count
            }
        }
    }
}
