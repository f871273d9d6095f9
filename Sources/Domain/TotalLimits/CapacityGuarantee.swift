/// The part of the limits over all worker types that is kept for the minCapacity of one worker type.
struct CapacityGuarantee: Sendable {
    /// The minimum of the capacity.
    let minimum: Int
    /// The capacity that is below the minimum.
    let missing: Int
    /// The capacity of an instance in the pool in which the minimum costs least.
    private let capacity: Int
    /// The hourly price of this instance. US dollars; zero where no pool has a price.
    private let usd: Double

    /// Nil for a worker type without minCapacity.
    ///
    /// - Parameter prices: nil where no limit of spend needs them.
    init?(
        _ input: WorkerTypeDecision.Input, market: WorkerTypeDecision.MarketView, prices: HourlyPrices?,
        rules: ProvisioningRules
    ) {
        let type = input.workerType
        let bounds = input.schedule?.bounds ?? CapacityBounds(of: type.definition)
        minimum = min(bounds.minimum, bounds.maximum)
        guard minimum > 0 else { return nil }
        missing = max(0, minimum - input.tally.total)
        let cheapest = market.book.cheapest(
            for: type, minimum: minimum,
            platforms: PoolPlatforms(of: type, catalog: market.images, rules: rules),
            onDemand: type.definition.canUseSpot ? nil : prices)
        capacity = max(
            1, cheapest?.capacity ?? type.definition.instanceTypes.map(\.capacity).min() ?? 1)
        usd = cheapest?.usd ?? 0
    }

    /// The part of a limit that is kept while some capacity is missing: that of whole instances.
    ///
    /// - Parameter spans: the hours until the end of the limit's period.
    func amount(of kind: TotalLimits.Kind, missing: Int, _ spans: LaunchBudget.Spans) -> Double {
        let launches = Self.instances(missing, of: capacity)
        switch kind {
        case .capacity: return launches * Double(capacity)
        case .instances: return launches
        case .hourlySpend: return launches * usd
        case .dailySpend, .monthlySpend:
            // Capacity that runs counts with its next hour already.
            let later = Self.instances(minimum, of: capacity) * (spans.left(of: kind) - spans.next(of: kind))
            return (launches * spans.next(of: kind) + later) * usd
        }
    }

    /// The number of instances with a capacity.
    fileprivate static func instances(_ capacity: Int, of size: Int) -> Double {
        (Double(capacity) / Double(size)).rounded(.up)
    }
}

extension PriceBook {
    /// The allowed pool in which a minimum of capacity costs least; nil where no pool has a price.
    ///
    /// - Parameter onDemand: the prices of a worker type that may not use spot instances.
    /// - Returns: the capacity and the hourly price of an instance. US dollars.
    fileprivate func cheapest(
        for type: WorkerType, minimum: Int, platforms: PoolPlatforms, onDemand: HourlyPrices?
    ) -> (capacity: Int, usd: Double)? {
        let allowed = AllowedPools(of: type.definition)
        var least: (capacity: Int, usd: Double)?
        var leastCost = Double.infinity
        for region in type.definition.regions {
            let lines = lines(in: region.region)
            for configuration in type.definition.instanceTypes {
                guard let range = lines[configuration.instanceType] else { continue }
                let capacity = max(1, configuration.capacity)
                let instances = CapacityGuarantee.instances(minimum, of: capacity)
                for entry in entries[range]
                where allowed.configuration(of: entry.pool) != nil
                    && platforms.platform(of: entry.pool) == entry.platform
                {
                    let kind = FleetTally.InstanceKind(
                        pool: entry.pool, market: .onDemand, platform: entry.platform)
                    let price = onDemand == nil ? entry.price : onDemand?.price(of: kind)
                    guard let usd = price?.usd, instances * usd < leastCost else { continue }
                    leastCost = instances * usd
                    least = (capacity, usd)
                }
            }
        }
        return least
    }
}
