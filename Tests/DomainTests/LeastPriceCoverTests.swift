import Domain
import TestSupport
import Testing

@Suite("Least price cover")
struct LeastPriceCoverTests {
    /// The least price over all choices of counts, by exhaustive search.
    private func bruteForce(_ items: [CoverItem], demand: Int, ceiling: Int?) -> Int64? {
        func search(_ index: Int, _ covered: Int, _ price: Int64) -> Int64? {
            if index == items.count { return covered >= demand && covered <= ceiling ?? .max ? price : nil }
            return (0...items[index].limit).compactMap { count in
                search(
                    index + 1, covered + count * items[index].capacity,
                    price + Int64(count) * items[index].price.nanodollars)
            }.min()
        }
        return search(0, 0, 0)
    }

    @Test("The price is the least of all covers, and the cover keeps its limits", arguments: 0..<400)
    func property(seed: Int) {
        var random = TestRandom(seed: UInt64(seed))
        let items = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            CoverItem(
                capacity: Int.random(in: 1...5, using: &random),
                price: Price(nanodollars: Int64.random(in: 0...20, using: &random)),
                limit: Int.random(in: 0...4, using: &random))
        }
        let demand = Int.random(in: 1...20, using: &random)
        let ceiling = Bool.random(using: &random) ? demand + Int.random(in: 0...3, using: &random) : nil
        let best = bruteForce(items, demand: demand, ceiling: ceiling)
        let counts = LeastPriceCover.counts(of: items, demand: demand, ceiling: ceiling)
        #expect((counts == nil) == (best == nil))
        guard let counts, let best else { return }
        let covered = zip(counts, items).reduce(0) { $0 + $1.0 * $1.1.capacity }
        let price = zip(counts, items).reduce(0) { $0 + Int64($1.0) * $1.1.price.nanodollars }
        #expect(price == best)
        #expect(covered >= demand && covered <= ceiling ?? .max)
        #expect(zip(counts, items).allSatisfy { $0 >= 0 && $0 <= $1.limit })
    }

    @Test("Nothing is bought without demand, and there is no cover for a demand above all limits")
    func edges() {
        let item = CoverItem(capacity: 2, price: Price(usd: 1), limit: 3)
        #expect(LeastPriceCover.counts(of: [item], demand: 0) == [0])
        #expect(LeastPriceCover.counts(of: [item], demand: 7) == nil)
        #expect(LeastPriceCover.counts(of: [], demand: 1) == nil)
        #expect(LeastPriceCover.counts(of: [item], demand: .max) == nil)
    }
}

/// Reproducible random numbers.
struct TestRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
