/// The calculation of effective prices and bids for one instance type of a worker type.
package struct Pricing: Hashable, Sendable {
    /// The factor from spot price to effective price.
    package let factor: Double
    package let minPrice: Double
    package let maxPrice: Double

    package init(_ definition: WorkerTypeDefinition, utility: Double, reading: ProvisioningRules.Utility) {
        switch reading {
        case .multiply: factor = utility
        case .divide: factor = 1 / utility
        }
        minPrice = definition.minPrice
        maxPrice = definition.maxPrice
    }

    /// Spot price x utility.
    package func effectivePrice(of spotPrice: Price) -> Price { spotPrice.multiplied(by: factor) }

    /// The bid: twice the spot price, raised to minPrice where the pool is cheaper than that, never above
    /// maxPrice, in whole millionths of a dollar. At least the smallest bid that EC2 accepts, even where maxPrice is
    /// lower: EC2 charges the spot price, which is below maxPrice.
    package func bid(at spotPrice: Price) -> Price {
        var bid = Price(usd: 2 * spotPrice.usd)
        if effectivePrice(of: spotPrice).usd < minPrice { bid = max(bid, Price(usd: minPrice / factor)) }
        let most = Price(usd: maxPrice / factor)
        let rounded = min(bid, most).roundedUpToMicrodollar
        return max(
            .smallestBid, rounded <= most ? rounded : Price(nanodollars: most.nanodollars / 1000 * 1000))
    }
}
