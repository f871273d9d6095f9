package import Domain
package import FoundationEssentials

extension CostRecord {
    /// Reads what was billed since a time from one state of the database. Launches are kept for `Retention.launches` after
    /// their end, so that the costs before it are incomplete.
    ///
    /// - Parameter withOwners: whether owners are read, which takes the definitions of all worker types.
    package init(
        _ database: ProvisionerDatabase, withOwners: Bool = true, since: Date, now: Date
    ) throws {
        self = try database.snapshot {
            let instances = try database.costs.instances(since: since)
            let pools = Set(
                instances.lazy.filter { $0.market == .spot }.map { PricedPool($0.pool, $0.platform) })
            let spot = try pools.reduce(into: [PricedPool: [PricePoint]]()) { prices, priced in
                prices[priced] = try database.history.prices(
                    of: priced.pool, for: priced.platform, since: since)
            }
            let onDemand = try database.costs.onDemandPrices(
                of: instances.lazy.filter { $0.market == .onDemand }.map {
                    OnDemandPrices.Key($0.pool, $0.platform)
                })
            return CostRecord(
                instances, prices: InstancePrices(spot: spot, onDemand: onDemand),
                owners: withOwners ? try database.workerTypes.owners() : [:], since: since, until: now)
        }
    }
}
