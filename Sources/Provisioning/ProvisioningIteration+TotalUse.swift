import Domain
import FoundationEssentials
import Storage

extension ProvisioningIteration {
    /// What counts against the limits over all worker types, and the prices for limits of spend. Reads what the limits need.
    func totalUse(
        _ tally: FleetTally, launches: [String: Launch], prices: [SpotPrice], now: Date
    ) throws -> (use: TotalUse, prices: HourlyPrices?) {
        let limits = deployment.rules.totalLimits
        let hourly =
            limits.limitsSpend
            ? HourlyPrices(
                spot: prices, onDemand: try database.costs.onDemandPrices(), launches: launches.values) : nil
        var use = TotalUse(tally, prices: hourly)
        if limits.limitsPeriods {
            (use.usdToday, use.usdThisMonth) = try database.spend.spend(now: now)
        }
        return (use, hourly)
    }
}
