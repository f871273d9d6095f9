/// What an instance costs an hour, at the prices in force. US dollars.
package struct HourlyPrices: Sendable {
    private let spot: [PricedPool: Price]
    private let onDemand: OnDemandPrices

    /// - Parameters:
    ///   - spot: any number of prices for each pool and platform; the highest is used.
    ///   - launches: spot instances in pools without a price cost the highest price of their launches. The prices of pools
    ///     that no worker type allows any more are not read.
    package init(
        spot: some Sequence<SpotPrice>, onDemand: OnDemandPrices, launches: some Sequence<Launch> = []
    ) {
        let known = Dictionary(
            spot.lazy.map { (PricedPool($0.pool, $0.platform), $0.price) }, uniquingKeysWith: max)
        let decided = Dictionary(
            launches.lazy.filter { $0.market == .spot }.map {
                (PricedPool($0.pool, $0.platform), $0.spotPrice)
            }, uniquingKeysWith: max)
        self.spot = known.merging(decided) { known, _ in known }
        self.onDemand = onDemand
    }

    /// Nil where the price is unknown.
    package func price(of kind: FleetTally.InstanceKind) -> Price? {
        guard let pool = kind.pool else { return nil }
        switch kind.market {
        case .spot: return spot[PricedPool(pool, kind.platform)]
        case .onDemand: return onDemand[pool, kind.platform]
        }
    }

    /// Nil where the price is unknown.
    func usd(_ bid: Bid) -> Double? {
        bid.market == .spot ? bid.spotPrice.usd : onDemand[bid.pool, bid.platform]?.usd
    }
}
