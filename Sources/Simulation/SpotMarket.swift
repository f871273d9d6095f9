package import Domain
package import FoundationEssentials

/// Spot prices that wander around what they usually are, and pools that have only so much to give.
package struct SpotMarket: Codable, Sendable {
    struct PoolState: Codable, Sendable {
        /// What the price wanders around.
        let usual: Double
        var price: Double
        /// Instances that the pool can hold in all.
        var room: Int
        var since: Date
    }

    private(set) var pools: [Pool: PoolState] = [:]
    private var random: SeededRandom
    private var wanderedAt: Date

    /// - Parameters:
    ///   - zones: the availability zones of each region.
    ///   - prices: the usual price of each instance type, US dollars an hour.
    ///   - room: how many instances a pool holds; drawn anew for each.
    package init(
        zones: [String: [String]], prices: [String: Double], room: ClosedRange<Int>, seed: UInt64, now: Date
    ) {
        random = SeededRandom(seed: seed)
        wanderedAt = now
        for (region, names) in zones.sorted(by: { $0.key < $1.key }) {
            for zone in names {
                for (type, price) in prices.sorted(by: { $0.key < $1.key }) {
                    let usual = price * (0.8 + 0.4 * random.fraction())
                    pools[Pool(region: region, availabilityZone: zone, instanceType: type)] = PoolState(
                        usual: usual, price: usual, room: Int.random(in: room, using: &random), since: now)
                }
            }
        }
    }

    package func price(of pool: Pool) -> Price? { pools[pool].map { Price(usd: $0.price) } }

    func room(of pool: Pool) -> Int { pools[pool]?.room ?? 0 }

    /// What DescribeSpotPriceHistory would say.
    func spotPrices(region: String, instanceTypes: Set<String>) -> [SpotPrice] {
        pools.filter { $0.key.region == region && instanceTypes.contains($0.key.instanceType) }
            .sorted { $0.key < $1.key }
            .map { SpotPrice(pool: $0.key, price: Price(usd: $0.value.price), timestamp: $0.value.since) }
    }

    /// Lets prices wander, once in five minutes: a step of up to 4 %, drawn back to the usual price.
    mutating func advance(to now: Date) {
        while now.timeIntervalSince(wanderedAt) >= 300 {
            wanderedAt = wanderedAt.addingTimeInterval(300)
            for pool in pools.keys.sorted() {
                guard var state = pools[pool] else { continue }
                let step = 0.08 * (random.fraction() - 0.5) + 0.1 * (state.usual / state.price - 1)
                state.price = max(0.000_1, state.price * (1 + step))
                state.since = wanderedAt
                pools[pool] = state
            }
        }
    }
}
