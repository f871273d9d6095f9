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
    /// Nil for Linux/UNIX, as in decisions of versions without platforms.
    private let otherPlatform: ImagePlatform?
    /// The subnet of the launch by the setting `subnets`; nil before the submission, and without the setting.
    package internal(set) var subnet: String?

    private enum CodingKeys: String, CodingKey {
        case workerType, pool, capacity, market, spotPrice, effectivePrice, bidPrice, subnet
        case otherPlatform = "platform"
    }

    /// The platform of the instance, which determines its spot price.
    package var platform: ImagePlatform { otherPlatform ?? .linux }

    package init(
        workerType: String, pool: Pool, capacity: Int, market: Market, spotPrice: Price,
        effectivePrice: Price,
        bidPrice: Price, platform: ImagePlatform = .linux
    ) {
        self.workerType = workerType
        self.pool = pool
        self.capacity = capacity
        self.market = market
        self.spotPrice = spotPrice
        self.effectivePrice = effectivePrice
        self.bidPrice = bidPrice
        otherPlatform = platform == .linux ? nil : platform
    }
}
