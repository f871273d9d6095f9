import Formats

/// The choice of pools for on-demand instances, where spot capacity is unavailable or not allowed.
///
/// On-demand prices are unknown. Pools are ranked by effective spot price for each unit of capacity, then by the order of
/// the definition. The change is distributed over the best pools, so that no pool takes more than the pool share while
/// there are others.
///
/// An on-demand price is never below the spot price. A pool is skipped if its effective spot price exceeds maxPrice, or
/// its spot price exceeds the deployment's maxBid.
package enum OnDemandChoice {
    /// - Parameters:
    ///   - zones: the available zones of the usable regions.
    ///   - headroom: capacity left below maxCapacity. It is exceeded by less than the smallest instance that the worker
    ///     type lists, and only if this instance does not fit.
    ///   - mostBids: the maximum number of bids, beside the submissions of the regions.
    package static func bids(
        for workerType: WorkerType, change: Int, headroom: Int, zones: [String: [String]], book: PriceBook,
        platforms: PoolPlatforms = .linux, holds: WorkerTypeHolds, mostBids: Int = .max,
        rules: ProvisioningRules
    ) -> [Bid] {
        let definition = workerType.definition
        let allowed = AllowedPools(of: definition)
        var ranked: [(pool: Pool, capacity: Int, price: Price?, cost: Double)] = []
        for region in definition.regions {
            let open = (zones[region.region] ?? []).filter(allowed.zones(in: region.region).contains)
            for type in definition.instanceTypes {
                let pricing = Pricing(definition, utility: type.utility, reading: rules.utility)
                for zone in open.sorted() {
                    let pool = Pool(
                        region: region.region, availabilityZone: zone, instanceType: type.instanceType)
                    if holds.hold(on: pool, .onDemand) != nil { continue }
                    let spot = book.price(of: pool, for: platforms.platform(of: pool))
                    if let spot, spot > rules.maxBid { continue }
                    let price = spot.map { pricing.effectivePrice(of: $0) }
                    if let price, price > Price(usd: definition.maxPrice) { continue }
                    let cost = (price?.usd ?? .infinity) / Double(type.capacity)
                    ranked.append((pool, type.capacity, price, cost))
                }
            }
        }
        // The index makes the order stable: pools of the same cost are in the order of the definition.
        let order = ranked.indices.sorted { (ranked[$0].cost, $0) < (ranked[$1].cost, $1) }
        let width = max(1, Int((1 / max(rules.maxPoolShare, 0.001)).rounded(.up)))
        var left = min(change, PoolChoice.maxDemand)
        let most = min(mostBids, rules.submissionsPerRegion * max(1, definition.regions.count))
        var headroom = headroom
        var bids: [Bid] = []
        func take(_ index: Int) {
            let pool = ranked[index]
            left -= pool.capacity
            headroom -= pool.capacity
            bids.append(
                Bid(
                    workerType: workerType.name, pool: pool.pool, capacity: pool.capacity, market: .onDemand,
                    spotPrice: .zero, effectivePrice: pool.price ?? .zero, bidPrice: rules.maxBid,
                    platform: platforms.platform(of: pool.pool)))
        }
        while left > 0, bids.count < most {
            let fitting = order.filter { ranked[$0].capacity <= headroom }.prefix(width)
            if fitting.isEmpty {
                // Larger instances leave the rest to the smallest one, which may be held now.
                if headroom < definition.smallestCapacity,
                    let smallest = order.first(where: { ranked[$0].capacity == definition.smallestCapacity })
                {
                    take(smallest)
                }
                break
            }
            for index in fitting
            where left > 0 && bids.count < most && ranked[index].capacity <= headroom { take(index) }
        }
        return bids
    }
}
