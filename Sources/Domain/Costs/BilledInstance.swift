package import FoundationEssentials

/// An instance of this deployment, as far as EC2's bill depends on it.
package struct BilledInstance: Hashable, Sendable {
    package let workerType: String
    package let pool: Pool
    package let platform: ImagePlatform
    package let market: Market
    /// The spot price when the launch was decided.
    package let spotPrice: Price
    package let startedAt: Date
    /// When it was seen stopped or terminated; nil while it runs.
    package let endedAt: Date?
    /// Whether EC2 reclaimed it.
    package let isInterrupted: Bool

    package init(
        workerType: String, pool: Pool, platform: ImagePlatform = .linux, market: Market, spotPrice: Price,
        startedAt: Date, endedAt: Date?,
        isInterrupted: Bool
    ) {
        self.workerType = workerType
        self.pool = pool
        self.platform = platform
        self.market = market
        self.spotPrice = spotPrice
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.isInterrupted = isInterrupted
    }

    /// The end of the time that EC2 bills; `startedAt` if it bills nothing.
    package func billedUntil(now: Date) -> Date {
        startedAt.addingTimeInterval(
            InstanceBilling.billedTime(
                life: (endedAt ?? now).timeIntervalSince(startedAt), isInterrupted: isInterrupted,
                platform: platform))
    }
}
