import Formats

/// The choice of pools for on-demand capacity, where spot capacity is not available or not allowed.
///
/// EC2's API has no on-demand prices. Pools are ranked by their spot price for each unit of capacity, and then by the order
/// of the definition. The change is distributed over the best pools, so that no pool gets more than the pool share while
/// there are others.
///
/// On-demand prices are never below the spot price. Pools whose spot price exceeds maxPrice (by its utility) or the
/// deployment's maxBid are therefore excluded.
package enum OnDemandChoice {
    /// - Parameters:
    ///   - zones: the available zones of the regions that may be launched in.
    ///   - headroom: capacity left below maxCapacity; passed by less than one instance, and only when no allowed
    ///     instance fits.
    package static func bids(
        for workerType: WorkerType, change: Int, headroom: Int, zones: [String: [String]], book: PriceBook,
        holds: Holds, rules: ProvisioningRules
    ) -> [Bid] {
        let definition = workerType.definition
        let allowed = AllowedPools(of: definition)
        var ranked: [(pool: Pool, capacity: Int, price: Price?, cost: Double)] = []
        for region in definition.regions where !holds.isOnDemandBlocked(in: region.region) {
            let open = (zones[region.region] ?? []).filter(allowed.zones(in: region.region).contains)
            for type in definition.instanceTypes {
                let pricing = Pricing(definition, utility: type.utility, reading: rules.utility)
                for zone in open.sorted() {
                    let pool = Pool(
                        region: region.region, availabilityZone: zone, instanceType: type.instanceType)
                    if holds.isOnDemandBlocked(pool) { continue }
                    let spot = book.price(of: pool)
                    if let spot, spot > rules.maxBid { continue }
                    let price = spot.map { pricing.effectivePrice(of: $0) }
                    if let price, price > Price(usd: definition.maxPrice) { continue }
                    let cost = (price?.usd ?? .infinity) / Double(type.capacity)
                    ranked.append((pool, type.capacity, price, cost))
                }
            }
        }
        // A stable order: what costs the same stays in the definition's order.
        let order = ranked.indices.sorted { (ranked[$0].cost, $0) < (ranked[$1].cost, $1) }
        let width = max(1, Int((1 / max(rules.maxPoolShare, 0.001)).rounded(.up)))
        var left = min(change, PoolChoice.maxDemand)
        var rest = headroom
        var bids: [Bid] = []
        func take(_ index: Int) {
            let line = ranked[index]
            left -= line.capacity
            rest -= line.capacity
            bids.append(
                Bid(
                    workerType: workerType.name, pool: line.pool, capacity: line.capacity, market: .onDemand,
                    spotPrice: .zero, effectivePrice: line.price ?? .zero, bidPrice: rules.maxBid))
        }
        while left > 0 {
            let fitting = order.filter { ranked[$0].capacity <= rest }.prefix(width)
            if fitting.isEmpty {
                if let smallest = order.min(by: { ranked[$0].capacity < ranked[$1].capacity }) {
                    take(smallest)
                }
                break
            }
            for index in fitting where left > 0 && ranked[index].capacity <= rest { take(index) }
        }
        return bids
    }
}
