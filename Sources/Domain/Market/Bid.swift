/// A request for one instance in one pool, and the most that it may cost.
package struct Bid: Hashable, Codable, Sendable {
    package let workerType: String
    package let pool: Pool
    /// Tasks that the instance runs at once.
    package let capacity: Int
    package let market: Market
    /// The spot price of the pool at the decision; zero for on-demand bids.
    package let spotPrice: Price
    /// Spot price x utility.
    package let effectivePrice: Price
    /// The maximum price.
    package let bidPrice: Price

    package init(
        workerType: String, pool: Pool, capacity: Int, market: Market, spotPrice: Price,
        effectivePrice: Price,
        bidPrice: Price
    ) {
        self.workerType = workerType
        self.pool = pool
        self.capacity = capacity
        self.market = market
        self.spotPrice = spotPrice
        self.effectivePrice = effectivePrice
        self.bidPrice = bidPrice
    }
}
