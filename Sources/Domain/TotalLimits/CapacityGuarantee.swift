/// The part of the limits over all worker types that is kept for the minCapacity of one worker type.
struct CapacityGuarantee: Sendable {
    /// The minimum of the capacity.
    let minimum: Int
    /// The capacity that is below the minimum.
    let missing: Int
    /// The capacity of an instance in the cheapest pool.
    private let capacity: Int
    /// The hourly price of this instance. US dollars; zero where no pool has a price.
    private let usd: Double

    /// Nil for a worker type without minCapacity.
    init?(_ input: WorkerTypeDecision.Input, market: WorkerTypeDecision.MarketView, rules: ProvisioningRules)
    {
        let type = input.workerType
        let bounds = input.schedule?.bounds ?? CapacityBounds(of: type.definition)
        minimum = min(bounds.minimum, bounds.maximum)
        guard minimum > 0 else { return nil }
        missing = max(0, minimum - input.tally.total)
        let cheapest = market.book.cheapest(
            for: type, platforms: PoolPlatforms(of: type, catalog: market.images, rules: rules))
        capacity = max(1, cheapest?.capacity ?? 1)
        usd = cheapest?.price.usd ?? 0
    }

    /// What is kept of a limit while some capacity is missing.
    ///
    /// - Parameter spans: the hours until the end of the limit's period.
    func amount(of kind: TotalLimits.Kind, missing: Int, _ spans: LaunchBudget.Spans) -> Double {
        let usdPerUnit = usd / Double(capacity)
        switch kind {
        case .capacity: return Double(missing)
        case .instances: return (Double(missing) / Double(capacity)).rounded(.up)
        case .hourlySpend: return Double(missing) * usdPerUnit
        case .dailySpend, .monthlySpend:
            // Capacity that runs counts with its next hour already.
            let later = Double(minimum) * (spans.left(of: kind) - spans.next(of: kind))
            return (Double(missing) * spans.next(of: kind) + later) * usdPerUnit
        }
    }
}

extension PriceBook {
    /// The allowed pool with the least spot price for each unit of capacity; nil where no pool has a price.
    fileprivate func cheapest(
        for type: WorkerType, platforms: PoolPlatforms
    ) -> (capacity: Int, price: Price)? {
        let allowed = AllowedPools(of: type.definition)
        var least: (capacity: Int, price: Price)?
        for region in type.definition.regions {
            let lines = lines(in: region.region)
            for configuration in type.definition.instanceTypes {
                guard let range = lines[configuration.instanceType] else { continue }
                for entry in entries[range]
                where allowed.configuration(of: entry.pool) != nil
                    && platforms.platform(of: entry.pool) == entry.platform
                {
                    let capacity = max(1, configuration.capacity)
                    if let least,
                        least.price.usd / Double(least.capacity) <= entry.price.usd / Double(capacity)
                    {
                        continue
                    }
                    least = (capacity, entry.price)
                }
            }
        }
        return least
    }
}
