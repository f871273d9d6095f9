import Domain
import TestSupport
import Testing

@testable import Simulation

@Suite("Hindsight bound of whole instances")
struct WholeInstanceBoundTests {
    /// Worker types with instances of some capacities, each in one pool. Boot time and idle timeout are one minute.
    private struct Market {
        let scenario: Scenario
        let definition: WorkerTypeDefinition
        private let end: Double
        private let priceOfSize: [Int: CheapestPrice]

        /// - Parameter sizes: capacity and prices, as (seconds since the beginning, US dollars an hour).
        init(_ sizes: [(capacity: Int, prices: [(Double, Double)])], end: Double = 10_000) {
            func type(_ capacity: Int) -> String { "c5.\(capacity)xlarge" }
            definition = .sample(types: sizes.map { (type($0.capacity), $0.capacity, 1) })
            scenario = Scenarios.make(
                [],
                prices: Scenarios.history(
                    sizes.map { (Scenarios.pool("a", type($0.capacity)), $0.prices) }),
                definition: definition)
            self.end = scenario.start + end
            var priceOfSize: [Int: CheapestPrice] = [:]
            for (capacity, _) in sizes {
                priceOfSize[capacity] = CheapestPrice(
                    for: definition, in: scenario, from: scenario.start, to: self.end, capacity: capacity)
            }
            self.priceOfSize = priceOfSize
        }

        /// The bound of tasks with starts and ends in seconds since the beginning.
        func bound(_ runs: [Range<Double>]) -> Double? {
            WholeInstanceBound(for: definition, in: scenario, from: scenario.start, to: end).cost(
                of: runs.map { scenario.start + $0.lowerBound..<scenario.start + $0.upperBound })
        }

        /// The least cost of the tasks over all assignments to whole instances, which boot before their first task and end
        /// an idle timeout after their last.
        func optimum(_ runs: [Range<Double>]) -> Double {
            var instances: [(capacity: Int, runs: [Range<Double>])] = []
            let ordered = runs.sorted { $0.lowerBound < $1.lowerBound }
            func least(_ index: Int) -> Double {
                guard index < ordered.count else { return instances.reduce(0) { $0 + cost($1) } }
                let run = ordered[index]
                var best = Double.infinity
                for place in instances.indices {
                    let busy = instances[place].runs.count { $0.upperBound > run.lowerBound }
                    guard busy < instances[place].capacity else { continue }
                    instances[place].runs.append(run)
                    best = min(best, least(index + 1))
                    instances[place].runs.removeLast()
                }
                for type in definition.instanceTypes {
                    instances.append((type.capacity, [run]))
                    best = min(best, least(index + 1))
                    instances.removeLast()
                }
                return best
            }
            return least(0)
        }

        private func cost(_ instance: (capacity: Int, runs: [Range<Double>])) -> Double {
            guard let price = priceOfSize[instance.capacity] else { return .infinity }
            let first = instance.runs.map(\.lowerBound).min() ?? 0
            let last = instance.runs.map(\.upperBound).max() ?? 0
            return price.cost(from: scenario.start + first - 60, to: scenario.start + last + 60)
        }
    }

    /// At most six tasks within ten minutes, the first after the time for a boot.
    private func tasks(_ random: inout SeededRandom) -> [Range<Double>] {
        (0..<Int.random(in: 1...6, using: &random)).map { _ in
            let start = Double(Int.random(in: 60...600, using: &random))
            return start..<start + Double(Int.random(in: 1...400, using: &random))
        }
    }

    /// A price for each unit of capacity that changes three times.
    private func prices(_ capacity: Int, _ random: inout SeededRandom) -> [(Double, Double)] {
        [-60, 150, 400, 700].map { ($0, Double(capacity) * (0.5 + random.fraction())) }
    }

    @Test("The bound never exceeds the least cost of an exhaustive search", arguments: 1...300)
    func neverAbove(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let sizes = [[1, 2], [1, 4], [2, 3], [1, 2, 4], [3], [4, 5]][Int(seed % 6)]
        let market = Market(sizes.map { ($0, prices($0, &random)) })
        let runs = tasks(&random)
        let (bound, optimum) = (try #require(market.bound(runs)), market.optimum(runs))
        #expect(bound <= optimum + 1e-9)
        // The relaxations cost something, but not everything.
        #expect(bound > optimum / 2)
    }

    @Test("With capacity 1 the bound is the least cost", arguments: 1...100)
    func units(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let market = Market([(1, prices(1, &random))])
        let runs = tasks(&random)
        #expect(abs(try #require(market.bound(runs)) - market.optimum(runs)) < 1e-9)
    }

    @Test("With one size and a common start the bound is the least cost", arguments: 1...100)
    func commonStart(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let capacity = Int.random(in: 2...4, using: &random)
        let market = Market([(capacity, prices(capacity, &random))])
        let runs = tasks(&random).map { 60..<60 + $0.upperBound - $0.lowerBound }
        #expect(abs(try #require(market.bound(runs)) - market.optimum(runs)) < 1e-9)
    }

    @Test("With a common start and end the bound is the least cost of any sizes", arguments: 1...100)
    func commonTime(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let market = Market(
            [1, 2, 5].map { ($0, [(-60, Double($0) * (0.5 + random.fraction()))]) })
        let runs = Array(repeating: 100.0..<500, count: Int.random(in: 1...6, using: &random))
        #expect(abs(try #require(market.bound(runs)) - market.optimum(runs)) < 1e-9)
    }

    @Test("One task on a large instance pays for the whole instance")
    func whole() throws {
        let market = Market([(16, [(-60, 8)])])
        #expect(abs(try #require(market.bound([60..<3540])) - 8) < 1e-9)
    }

    @Test("A size is not used before its pool is offered")
    func lateOffer() throws {
        let market = Market([(1, [(-60, 10)]), (2, [(1000, 0.1)])])
        #expect(abs(try #require(market.bound([100..<200])) - 10 * 220.0 / 3600) < 1e-9)
        #expect(try #require(market.bound([2000..<2100])) < 0.01)
    }

    @Test("No tasks cost nothing, and too many at once have no bound")
    func limits() {
        let market = Market([(1, [(-60, 1)])])
        #expect(market.bound([]) == 0)
        #expect(market.bound([100..<100]) == 0)
        #expect(market.bound(Array(repeating: 100.0..<200, count: 30_000)) == nil)
    }
}
