/// A request for one instance in one pool, and the most that it may cost.
package struct Bid: Hashable, Codable, Sendable {
    package let workerType: String
    package let pool: Pool
    /// Tasks that the instance runs at once.
    package let capacity: Int
    package let market: Market
    /// The pool's spot price when it was decided; zero on demand, whose price EC2 does not tell.
    package let spotPrice: Price
    /// The spot price as the utility factor compares it.
    package let effectivePrice: Price
    /// The most to pay.
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
