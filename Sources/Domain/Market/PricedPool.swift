/// A pool with the platform of its instances: each platform has a spot price of its own.
package struct PricedPool: Hashable, Sendable {
    package let pool: Pool
    package let platform: ImagePlatform

    package init(_ pool: Pool, _ platform: ImagePlatform) {
        self.pool = pool
        self.platform = platform
    }
}

extension PricedPool: Comparable {
    package static func < (left: PricedPool, right: PricedPool) -> Bool {
        (left.pool, left.platform.rawValue) < (right.pool, right.platform.rawValue)
    }
}
