public import FoundationEssentials

/// The spot price of a pool, as DescribeSpotPriceHistory reports one change of it.
public struct SpotPrice: Hashable, Codable, Sendable {
    public let pool: Pool
    public let price: Price
    /// When the price came into force. Never a filter: EC2 also answers the one in force when the window began.
    public let timestamp: Date

    public init(pool: Pool, price: Price, timestamp: Date) {
        self.pool = pool
        self.price = price
        self.timestamp = timestamp
    }
}
