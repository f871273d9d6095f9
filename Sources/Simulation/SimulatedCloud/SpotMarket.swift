package import Domain
import Formats
package import FoundationEssentials

/// Spot prices that vary around a mean, and pools of limited capacity.
package struct SpotMarket: Codable, Sendable {
    struct PoolState: Codable, Sendable {
        /// Mean price, US dollars an hour.
        let mean: Double
        var price: Double
        /// Maximum number of instances.
        var capacity: Int
        var since: Date
    }

    private(set) var pools: [Pool: PoolState] = [:]
    private var random: SeededRandom
    private var pricesChangedAt: Date

    /// - Parameters:
    ///   - zones: the availability zones of each region.
    ///   - prices: the mean price of each instance type, US dollars an hour.
    ///   - capacity: the range from which the capacity of each pool is drawn.
    package init(
        zones: [String: [String]], prices: [String: Double], capacity: ClosedRange<Int>, seed: UInt64,
        now: Date
    ) {
        random = SeededRandom(seed: seed)
        pricesChangedAt = now
        for (region, names) in zones.sorted(by: { $0.key < $1.key }) {
            for zone in names {
                for (type, price) in prices.sorted(by: { $0.key < $1.key }) {
                    let mean = price * (0.8 + 0.4 * random.fraction())
                    pools[Pool(region: region, availabilityZone: zone, instanceType: type)] = PoolState(
                        mean: mean, price: mean, capacity: Int.random(in: capacity, using: &random),
                        since: now)
                }
            }
        }
    }

    package func price(of pool: Pool) -> Price? { pools[pool].map { Price(usd: $0.price) } }

    /// Maximum number of instances of a pool.
    func capacity(of pool: Pool) -> Int { pools[pool]?.capacity ?? 0 }

    /// The response of DescribeSpotPriceHistory. All platforms have the same price.
    func spotPrices(
        region: String, instanceTypes: Set<String>, platforms: Set<ImagePlatform> = [.linux]
    ) -> [SpotPrice] {
        pools.filter { $0.key.region == region && instanceTypes.contains($0.key.instanceType) }
            .sorted { $0.key < $1.key }
            .flatMap { pool, state in
                platforms.map { platform in
                    SpotPrice(
                        pool: pool, platform: platform, price: Price(usd: state.price), timestamp: state.since
                    )
                }
            }
    }

    /// Changes prices once in five minutes: a random step of up to 4 %, and a step towards the mean.
    mutating func advance(to now: Date) {
        while now.timeIntervalSince(pricesChangedAt) >= 300 {
            pricesChangedAt = pricesChangedAt.addingTimeInterval(300)
            for pool in pools.keys.sorted() {
                guard var state = pools[pool] else { continue }
                let step = 0.08 * (random.fraction() - 0.5) + 0.1 * (state.mean / state.price - 1)
                state.price = max(0.000_1, state.price * (1 + step))
                state.since = pricesChangedAt
                pools[pool] = state
            }
        }
    }
}
