/// The prices of a region as DescribeSpotPriceHistory reports them.
package struct SpotPriceHistory: Sendable {
    package var prices: [SpotPrice]
    /// The number of records without a type, zone, time or positive price. They are skipped.
    package var unusable: Int

    package init(_ prices: [SpotPrice], unusable: Int = 0) {
        self.prices = prices
        self.unusable = unusable
    }
}
