package import FoundationEssentials

/// An estimate of the hourly cost of launches, at the latest spot prices.
package struct SpendEstimate: Hashable, Sendable {
    /// US dollars an hour.
    package private(set) var perHour = 0.0
    /// The number of instances without a known price.
    package private(set) var unpriced = 0

    package init() {}

    /// - Parameters:
    ///   - launches: open launches. Launches that EC2 does not show yet cost nothing.
    ///   - instances: the instances that EC2 shows, by id. Their markets take precedence over those of launches.
    ///   - interrupted: the ids of instances with an announced interruption.
    ///   - prices: the spot prices.
    package init(
        launches: [Launch], instances: [String: Instance] = [:], interrupted: Set<String> = [],
        prices: [PricedPool: Price], onDemand: OnDemandPrices = OnDemandPrices(), now: Date
    ) {
        for launch in launches where launch.state == .visible {
            guard let id = launch.instanceId else { continue }
            let life = launch.startedAt.map { now.timeIntervalSince($0) } ?? 0
            let billedTime = InstanceBilling.billedTime(
                life: life, isInterrupted: interrupted.contains(id), platform: launch.platform)
            let instance = instances[id]
            if billedTime == 0 || instance?.state.isBilled == false { continue }
            let market = instance?.lifecycle ?? launch.market
            let price =
                market == .spot
                ? prices[PricedPool(launch.pool, launch.platform)]
                : onDemand[launch.pool, launch.platform]
            if let price {
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
