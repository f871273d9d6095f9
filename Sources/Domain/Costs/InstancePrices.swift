import FoundationEssentials

/// The prices that the costs of instances are computed from.
package struct InstancePrices: Sendable {
    /// The spot prices of each pool over time.
    private let spot: [Pool: PriceSeries]
    private let onDemand: OnDemandPrices

    /// - Parameter spot: the recorded prices of each pool, oldest first.
    package init(spot: [Pool: [PricePoint]], onDemand: OnDemandPrices) {
        self.spot = spot.reduce(into: [:]) { series, item in
            series[item.key] = PriceSeries(
                pool: item.key, times: item.value.map(\.at.timeIntervalSince1970),
                usd: item.value.map(\.price.usd))
        }
        self.onDemand = onDemand
    }

    /// The cost of an instance between two times. US dollars; nil where the price is unknown.
    ///
    /// Before the first recorded price of its pool, a spot instance costs the price of its decision.
    func cost(of instance: BilledInstance, from begin: Date, to end: Date) -> Double? {
        let (begin, end) = (begin.timeIntervalSince1970, end.timeIntervalSince1970)
        switch instance.market {
        case .onDemand:
            return onDemand[instance.pool].map { $0.usd * (end - begin) / 3600 }
        case .spot:
            let series = spot[instance.pool]
            let recorded = min(max(series?.times.first ?? end, begin), end)
            let before = instance.spotPrice.usd * (recorded - begin) / 3600
            return before + (series?.cost(from: recorded, to: end) ?? 0)
        }
    }
}

/// On-demand prices by region and instance type.
package struct OnDemandPrices: Hashable, Sendable {
    /// By region, then by instance type.
    package private(set) var byRegion: [String: [String: Price]] = [:]

    package init() {}

    package subscript(region: String, instanceType: String) -> Price? {
        get { byRegion[region]?[instanceType] }
        set { byRegion[region, default: [:]][instanceType] = newValue }
    }

    package subscript(pool: Pool) -> Price? { self[pool.region, pool.instanceType] }

    /// The number of prices.
    package var count: Int { byRegion.values.reduce(0) { $0 + $1.count } }
}
