package import FoundationEssentials

/// The spot price of a pool, as DescribeSpotPriceHistory reports one change of it.
package struct SpotPrice: Hashable, Codable, Sendable {
    package let pool: Pool
    package let price: Price
    /// When the price came into force. Never a filter: EC2 also answers the one in force when the window began.
    package let timestamp: Date

    package init(pool: Pool, price: Price, timestamp: Date) {
        self.pool = pool
        self.price = price
        self.timestamp = timestamp
    }
}
