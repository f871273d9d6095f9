import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("Baseline strategies")
struct BaselineTests {
    private static let prices = [
        ("us-east-1a", "c5.xlarge", 0.10), ("us-east-1a", "c5.4xlarge", 0.30),
        ("us-east-1b", "c5.xlarge", 0.12), ("us-east-1b", "c5.4xlarge", 0.36),
    ]

    private func choose(
        _ strategy: Strategy, change: Int, headroom: Int = 1000, share: Double = 1, seed: UInt64 = 1,
        maxPrice: Double = 10, types: [(String, Int, Double)] = [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1)]
    ) -> PoolChoice {
        var rules = ProvisioningRules()
        rules.strategy = strategy
        rules.maxPoolShare = share
        return PoolChoice(
            for: .sample("alpha", .sample(maxPrice: maxPrice, types: types)),
            from: PoolChoice.Input(
                change: change, headroom: headroom, book: PoolChoiceTests.book(Self.prices), seed: seed),
            rules: rules)
    }

    private func counts(_ choice: PoolChoice) -> [String: Int] {
        choice.bids.reduce(into: [:]) { $0["\($1.pool)", default: 0] += 1 }
    }

    @Test("cheapest-pool buys all in the pool with the least price for each unit of capacity")
    func cheapestPool() {
        #expect(counts(choose(.cheapestPool, change: 6)) == ["us-east-1a c5.4xlarge": 2])
        #expect(
            counts(choose(.cheapestPool, change: 8, share: 0.5)) == [
                "us-east-1a c5.4xlarge": 1, "us-east-1b c5.4xlarge": 1,
            ])
        #expect(
            counts(choose(.cheapestPool, change: 6, headroom: 6)) == [
                "us-east-1a c5.4xlarge": 1, "us-east-1a c5.xlarge": 2,
            ])
    }

    @Test("random-zone draws allowed pools with equal probability, and the same pools for the same seed")
    func randomZone() {
        var drawn: [String: Int] = [:]
        for seed in 0..<400 {
            let choice = choose(.randomZone, change: 1, seed: UInt64(seed))
            #expect(choice.bids == choose(.randomZone, change: 1, seed: UInt64(seed)).bids)
            #expect(choice.bids.count == 1)
            for (pool, count) in counts(choice) { drawn[pool, default: 0] += count }
        }
        // Each is expected 100 times with a standard deviation of 8.7.
        #expect(drawn.count == 4)
        #expect(drawn.values.allSatisfy { (50...150).contains($0) })
    }

    @Test("random-zone covers the change, bids twice the price and buys nothing above maxPrice")
    func randomZoneBounds() {
        for seed in 0..<100 {
            let choice = choose(.randomZone, change: 9, headroom: 10, seed: UInt64(seed), maxPrice: 0.33)
            let capacity = choice.bids.reduce(0) { $0 + $1.capacity }
            #expect(capacity == 9 || capacity == 10)
            #expect(choice.bids.allSatisfy { $0.pool.description != "us-east-1b c5.4xlarge" })
            #expect(
                choice.bids.allSatisfy {
                    $0.bidPrice == min(Price(usd: 0.33), Price(nanodollars: 2 * $0.spotPrice.nanodollars))
                })
        }
    }

    @Test("The exact cover replaces a baseline that finds no cover below maxCapacity")
    func stuck() {
        let types = [("c5.xlarge", 3, 1.0), ("c5.4xlarge", 4, 1.0)]
        for strategy in [Strategy.cheapestPool, .randomZone] {
            for seed in 0..<20 {
                let choice = choose(strategy, change: 6, headroom: 6, seed: UInt64(seed), types: types)
                #expect(choice.bids.map(\.capacity) == [3, 3])
            }
        }
    }
}
