import Domain
import TestSupport
import Testing

@testable import Simulation

@Suite("Price history")
struct PriceHistoryTests {
    private static let start = Scenarios.start

    private func series() throws -> PriceHistory.Series {
        try #require(
            Scenarios.history([(Scenarios.pool("a"), [(0, 1), (3600, 2), (7200, 0.5)])]).series.first)
    }

    @Test("A price is valid until the next; before the first there is none")
    func prices() throws {
        let series = try series()
        #expect(series.price(at: Self.start - 1) == nil)
        #expect(series.price(at: Self.start) == 1)
        #expect(series.price(at: Self.start + 3599) == 1)
        #expect(series.price(at: Self.start + 3600) == 2)
        #expect(series.price(at: Self.start + 1_000_000) == 0.5)
    }

    @Test("The cost of an instance is the sum of its prices by the second")
    func cost() throws {
        let series = try series()
        #expect(abs(series.cost(from: Self.start + 1800, to: Self.start + 9000) - (0.5 + 2 + 0.25)) < 1e-9)
        #expect(series.cost(from: Self.start + 5, to: Self.start + 5) == 0)
    }

    @Test("The highest price of a window includes the price at its beginning")
    func highest() throws {
        let series = try series()
        #expect(series.highest(from: Self.start + 7199, to: Self.start + 8000) == 2)
        #expect(series.highest(from: Self.start + 7200, to: Self.start + 8000) == 0.5)
        #expect(series.highest(from: Self.start - 100, to: Self.start + 10) == 1)
        #expect(series.highest(from: Self.start - 100, to: Self.start - 10) == nil)
    }

    @Test("The first time above a bid is now, later, or never")
    func above() throws {
        let series = try series()
        #expect(series.firstAbove(1.5, from: Self.start + 10) == Self.start + 3600)
        #expect(series.firstAbove(0.9, from: Self.start + 10) == Self.start + 10)
        #expect(series.firstAbove(0.9, from: Self.start + 7200) == nil)
        #expect(series.firstAbove(2, from: Self.start) == nil)
    }

    @Test(
        "The cheapest price of all pools, for each unit of capacity, equals an exhaustive search",
        arguments: 1...5
    )
    func cheapest(seed: UInt64) throws {
        let scenario = Scenarios.random(seed, mixed: true)
        let definition = try #require(scenario.workerTypes.first?.definition)
        let end = scenario.start + 36_000
        let cheapest = CheapestPrice(for: definition, in: scenario, from: scenario.start, to: end)
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let time = scenario.start + (35_000 * random.fraction()).rounded()
            let least = scenario.prices.series.compactMap { series -> Double? in
                let type = definition.instanceTypes.first { $0.instanceType == series.pool.instanceType }
                guard let type, let usd = series.price(at: time) else { return nil }
                return usd / Double(type.capacity)
            }.min()
            // Prices change at whole seconds.
            let found = cheapest.cost(from: time, to: time + 1) * 3600
            #expect(abs(found - (least ?? 0)) < 1e-6)
            #expect(cheapest.least(after: time) <= (least ?? 0))
        }
    }
}
