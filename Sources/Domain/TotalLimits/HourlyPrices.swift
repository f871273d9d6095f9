/// What an instance costs an hour, at the prices in force. US dollars.
package struct HourlyPrices: Sendable {
    private let spot: [PricedPool: Price]
    private let onDemand: OnDemandPrices

    /// - Parameter spot: any number of prices for each pool and platform; the highest is used.
    package init(spot: some Sequence<SpotPrice>, onDemand: OnDemandPrices) {
        self.spot = Dictionary(
            spot.lazy.map { (PricedPool($0.pool, $0.platform), $0.price) }, uniquingKeysWith: max)
        self.onDemand = onDemand
    }

    /// Nil where the price is unknown.
    package func usd(_ kind: FleetTally.InstanceKind) -> Double? {
        guard let pool = kind.pool else { return nil }
        switch kind.market {
        case .spot: return spot[PricedPool(pool, kind.platform)]?.usd
        case .onDemand: return onDemand[pool, kind.platform]?.usd
        }
    }

    /// Nil where the price is unknown.
    func usd(_ bid: Bid) -> Double? {
        bid.market == .spot ? bid.spotPrice.usd : onDemand[bid.pool, bid.platform]?.usd
    }
}
