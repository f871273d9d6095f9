import FoundationEssentials

/// The prices that the costs of instances are computed from.
package struct InstancePrices: Sendable {
    /// The spot prices of each pool and platform over time.
    private let spot: [PricedPool: PriceSeries]
    private let onDemand: OnDemandPrices

    /// - Parameter spot: the recorded prices of each pool and platform, oldest first.
    package init(spot: [PricedPool: [PricePoint]], onDemand: OnDemandPrices) {
        self.spot = spot.reduce(into: [:]) { series, item in
            series[item.key] = PriceSeries(
                pool: item.key.pool, times: item.value.map(\.at.timeIntervalSince1970),
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
            return onDemand[instance.pool, instance.platform].map { $0.usd * (end - begin) / 3600 }
        case .spot:
            let series = spot[PricedPool(instance.pool, instance.platform)]
            let recorded = min(max(series?.times.first ?? end, begin), end)
            let before = instance.spotPrice.usd * (recorded - begin) / 3600
            return before + (series?.cost(from: recorded, to: end) ?? 0)
        }
    }
}
