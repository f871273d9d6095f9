import Domain
import FoundationEssentials

/// What the instances of a replay cost in each day, for limits of spend.
struct ReplaySpend: Sendable {
    /// The instances that had not ended at the last iteration.
    fileprivate var alive: [Int] = []
    /// The number of instances that were launched up to the last iteration.
    fileprivate var launched = 0
    /// The cost of the ended instances by the begin of the day. US dollars.
    fileprivate var ended: [Date: Double] = [:]
}

extension Replay {
    /// What counts against the limits over all worker types.
    mutating func totalUse(_ now: Double) -> TotalUse {
        var use = TotalUse()
        if rules.totalLimits.isEmpty { return use }
        use.capacity = fleet.tallies.reduce(0) { $0 + $1.total }
        use.instances = fleet.alive
        guard rules.totalLimits.limitsSpend else { return use }
        closeEndedInstances()
        let date = market.date(now)
        let today = SpendPeriod.day(containing: date).begin
        let month = SpendPeriod.month(containing: date).begin
        use.usdToday = spend.ended[today] ?? 0
        // In the order of the days, because sums of fractions depend on their order.
        use.usdThisMonth = spend.ended.filter { $0.key >= month }.sorted { $0.key < $1.key }.reduce(0) {
            $0 + $1.value
        }
        for id in spend.alive {
            let instance = fleet.instances[id]
            use.usdPerHour += price(of: instance, now)
            use.usdToday += cost(of: instance, from: seconds(today), to: now)
            use.usdThisMonth += cost(of: instance, from: seconds(month), to: now)
        }
        return use
    }

    /// The prices of launches, for limits of spend.
    var hourlyPrices: HourlyPrices? {
        guard rules.totalLimits.limitsSpend else { return nil }
        return HourlyPrices(spot: [], onDemand: scenario.onDemand ?? OnDemandPrices())
    }

    /// Adds the costs of the instances that ended since the last iteration.
    private mutating func closeEndedInstances() {
        let known = spend.alive + Array(spend.launched..<fleet.instances.count)
        spend.launched = fleet.instances.count
        spend.alive = []
        for id in known {
            let instance = fleet.instances[id]
            guard instance.endedAt != nil else {
                spend.alive.append(id)
                continue
            }
            let end = billedUntil(instance)
            var day = SpendPeriod.day(containing: market.date(instance.launchedAt))
            while seconds(day.begin) < end {
                spend.ended[day.begin, default: 0] +=
                    cost(of: instance, from: seconds(day.begin), to: seconds(day.end))
                day = SpendPeriod.day(containing: day.end)
            }
        }
    }

    /// Seconds since the beginning.
    private func seconds(_ date: Date) -> Double { date.timeIntervalSince1970 - scenario.start }

    /// US dollars an hour.
    private func price(of instance: ReplayFleet.Instance, _ now: Double) -> Double {
        let series = scenario.prices.series[instance.pool]
        switch instance.market {
        case .spot: return series.price(at: scenario.start + now) ?? 0
        case .onDemand: return market.onDemandPrice(of: series.pool) ?? 0
        }
    }
}
