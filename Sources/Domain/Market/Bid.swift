/// A request for one instance in one pool, and the most that it may cost.
public struct Bid: Hashable, Codable, Sendable {
    public let workerType: String
    public let pool: Pool
    /// Tasks that the instance runs at once.
    public let capacity: Int
    public let market: Market
    /// The pool's spot price when it was decided; zero on demand, whose price EC2 does not tell.
    public let spotPrice: Price
    /// The spot price as the utility factor compares it.
    public let effectivePrice: Price
    /// The most to pay.
    public let bidPrice: Price

    public init(
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
