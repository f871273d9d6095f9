import Domain
import TestSupport
import TestTags
import Testing

@testable import Simulation

@Suite("Hindsight bound", .tags(.slow))
struct HindsightBoundTests {
    @Test(
        "No policy costs less, with any load, price, size or seed",
        arguments: LoadGenerator.Shape.allCases,
        [false, true])
    func noneBelow(shape: LoadGenerator.Shape, mixed: Bool) {
        for seed in UInt64(1)...2 {
            var scenario = Scenarios.random(seed, shape: shape, mixed: mixed, hours: 6)
            if seed == 2 { scenario.interruptions = InterruptionRates(perHour: 0.5) }
            for strategy in Strategy.allCases {
                let report = Scenarios.report(scenario, strategy)
                #expect(report.unfinished == 0)
                #expect(report.wholeGap >= 0, "\(strategy) \(seed)")
                #expect(report.bound <= report.wholeBound)
                #expect(report.workBound <= report.bound + 1e-9)
                #expect(report.sameFleetCost <= report.cost + 1e-9)
            }
        }
    }

    @Test("The bound is the same for all policies with capacity 1 and without refusals and interruptions")
    func common() {
        let scenario = Scenarios.random(3)
        let reports = Strategy.allCases.map { Scenarios.report(scenario, $0) }
        #expect(Set(reports.map(\.bound)).count == 1)
        #expect(reports.allSatisfy { abs($0.wholeBound - $0.bound) < 1e-6 })
        #expect(Set(reports.map(\.waiting)).count == 1)
        #expect(Set(reports.map(\.launches)).count == 1)
    }

    @Test("The bound keeps a unit through a short gap, and terminates it in a long one")
    func gaps() {
        // Gap of 30 s: the unit is kept. The second task goes to the same worker.
        let short = Scenarios.report(Scenarios.make([(10, 100), (250, 30)]))
        #expect(abs(short.bound - (60 + 100 + 30 + 30 + 60) / 3600) < 1e-9)
        // Gap of 1,000 s: an idle timeout and a boot instead.
        let long = Scenarios.report(Scenarios.make([(10, 100), (1190, 30)]))
        #expect(abs(long.bound - (60 + 100 + 60 + 60 + 30 + 60) / 3600) < 1e-9)
    }

    @Test("The bound uses future prices")
    func foresight() {
        let prices = Scenarios.history([
            (Scenarios.pool("a"), [(-3600, 1), (70, 1.9)]), (Scenarios.pool("b"), [(-3600, 1.2)]),
        ])
        let report = Scenarios.report(Scenarios.make([(10, 3600)], prices: prices))
        #expect(abs(report.sameFleetCost - 1.2 * 3720 / 3600) < 1e-9)
        #expect(report.purchaseGap > 0.5)
        // In a for ten seconds, then in b, as if an instance could move.
        #expect(abs(report.bound - (10 * 1 + 3710 * 1.2) / 3600) < 1e-9)
    }

    @Test("The computation by levels equals an exhaustive search", arguments: 1...200)
    func bruteForce(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let tasks = (0..<Int.random(in: 1...7, using: &random)).map { _ in
            (
                arrival: Double(Int.random(in: 0...900, using: &random)),
                duration: Double(Int.random(in: 1...200, using: &random))
            )
        }
        let replay = Scenarios.replay(Scenarios.make(tasks))
        let runs = replay.fleet.tasks.compactMap { task in
            task.startedAt.map { ($0, $0 + task.duration) }
        }.sorted { $0.0 < $1.0 }
        // Tries all assignments of runs to free units and new ones, at 1 USD an hour.
        func least(_ index: Int, _ units: [Double]) -> Double {
            guard index < runs.count else { return Double(units.count) * 60 }
            let (start, end) = runs[index]
            var best = 60 + (end - start) + least(index + 1, units + [end])
            for (place, free) in units.enumerated() where free <= start {
                var others = units
                others[place] = end
                // The unit is kept through the gap, or terminated and launched again.
                let gap = min(start - free, 60 + 60)
                best = min(best, gap + (end - start) + least(index + 1, others))
            }
            return best
        }
        let expected = least(0, []) / 3600
        let found = HindsightBound(replay).bound
        #expect(abs(found - expected) < 1e-9)
    }
}
