import Formats
package import FoundationEssentials

/// A change of the spot price of a pool, as DescribeSpotPriceHistory reports it.
package struct SpotPrice: Hashable, Sendable {
    package let pool: Pool
    package let platform: ImagePlatform
    package let price: Price
    /// When the price took effect. EC2 also returns the price at the start of the requested window, with its earlier time.
    package let timestamp: Date

    package init(pool: Pool, platform: ImagePlatform = .linux, price: Price, timestamp: Date) {
        self.pool = pool
        self.platform = platform
        self.price = price
        self.timestamp = timestamp
    }
}
