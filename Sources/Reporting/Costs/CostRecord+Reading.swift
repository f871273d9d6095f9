package import Domain
package import FoundationEssentials
package import Storage

extension CostRecord {
    /// Reads what was billed since a time from one state of the database. Launches are kept for `Retention.launches` after
    /// their end, so that the costs before it are incomplete.
    package init(_ database: ProvisionerDatabase, since: Date, now: Date) throws {
        self = try database.snapshot {
            let instances = try database.costs.instances(since: since)
            let pools = Set(instances.lazy.filter { $0.market == .spot }.map(\.pool))
            let spot = try pools.reduce(into: [Pool: [PricePoint]]()) { prices, pool in
                prices[pool] = try database.history.prices(of: pool, since: since)
            }
            return CostRecord(
                instances,
                prices: InstancePrices(spot: spot, onDemand: try database.costs.onDemandPrices()),
                owners: try database.workerTypes.owners(), since: since, until: now)
        }
    }
}
