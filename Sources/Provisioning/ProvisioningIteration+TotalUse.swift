import Domain
import FoundationEssentials
import Storage

extension ProvisioningIteration {
    /// What counts against the limits over all worker types, and the prices for limits of spend. Reads what the limits need.
    func totalUse(
        _ tally: FleetTally, _ workerTypes: [WorkerType], launches: [String: Launch], prices: [SpotPrice],
        now: Date
    ) throws -> (use: TotalUse, prices: HourlyPrices?) {
        let limits = deployment.rules.totalLimits
        var hourly: HourlyPrices?
        if limits.limitsSpend {
            let running = tally.instances.keys.compactMap { kind in
                kind.market == .onDemand
                    ? kind.pool.map { OnDemandPrices.Key($0, kind.platform) } : nil
            }
            let onDemand = try database.costs.onDemandPrices(
                of: running + workerTypes.flatMap(\.definition.onDemandPrices))
            hourly = HourlyPrices(spot: prices, onDemand: onDemand, launches: launches.values)
        }
        var use = TotalUse(tally, prices: hourly)
        if limits.limitsPeriods {
            (use.usdToday, use.usdThisMonth) = try database.spend.spend(now: now)
        }
        return (use, hourly)
    }
}
