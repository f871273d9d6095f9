import Domain
import Formats
import TestSupport
import TestTags
import Testing

@testable import Simulation

@Suite("Report of a simulation", .tags(.slow))
struct ReportTests {
    @Test(
        "A seed determines the report, byte for byte", arguments: [false, true])
    func determinism(mixed: Bool) throws {
        var scenario = Scenarios.random(7, shape: .pushStorm, mixed: mixed)
        scenario.interruptions = InterruptionRates(perHour: 0.2)
        for strategy in Strategy.allCases {
            let first = Scenarios.report(scenario, strategy)
            let second = Scenarios.report(scenario, strategy)
            #expect(try Scenarios.text(first) == Scenarios.text(second))
            #expect(ReportPage([first], facts: ["x"]).html == ReportPage([second], facts: ["x"]).html)
        }
        let before = try Scenarios.text(Scenarios.report(scenario))
        scenario.conditions.seed = 8
        #expect(try before != Scenarios.text(Scenarios.report(scenario)))
    }

    @Test("Selection by price is cheaper than random selection", arguments: [false, true])
    func policies(mixed: Bool) {
        let scenario = Scenarios.random(2, mixed: mixed)
        let least = Scenarios.report(scenario)
        #expect(least.cost < 0.85 * Scenarios.report(scenario, .randomZone).cost)
        #expect(least.cost <= Scenarios.report(scenario, .cheapestPool).cost * 1.000_001)
    }

    @Test("The costs of the pools add up to the total, and the shares of paid time to less than 1")
    func sums() {
        let report = Scenarios.report(Scenarios.random(4, shape: .bursts))
        #expect(abs(report.pools.reduce(0) { $0 + $1.cost } - report.cost) < 1e-6)
        #expect(report.pools.reduce(0) { $0 + $1.instances } == report.launches)
        #expect(report.idleShare > 0 && report.bootShare > 0 && report.idleShare + report.bootShare < 1)
        let last = report.timeline.cost.last ?? 0
        #expect(abs(last - report.cost) < 1e-6)
        #expect(zip(report.timeline.cost, report.timeline.cost.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("The report contains median, 95th percentile and maximum of the waiting times")
    func ranks() {
        // Twenty tasks at once on one worker: the n-th waits 110 + (n - 1) x 10 seconds.
        let tasks = (0..<20).map { _ in (arrival: 10.0, duration: 10.0) }
        let report = Scenarios.report(Scenarios.make(tasks, definition: .sample(maxCapacity: 1)))
        #expect(report.waiting.median == 110 + 90)
        #expect(report.waiting.percentile95 == 110 + 180)
        #expect(report.waiting.longest == 110 + 190)
    }

    @Test("Reports with the same figures become one, under the names of all policies, in their order")
    func repetitions() {
        let scenario = Scenarios.make([(10, 100)])
        let reports = [Strategy.leastCost, .cheapestPool, .diversified].map { Scenarios.report(scenario, $0) }
        let other = Scenarios.report(Scenarios.make([(10, 200)]), .randomZone)
        let merged = ([reports[0], other] + reports[1...]).withoutRepetitions
        #expect(merged.map(\.policy) == ["least-cost, cheapest-pool, diversified", "random-zone"])
        #expect(merged[0].cost == reports[0].cost)
    }

    @Test("The page loads no resource, has no script, and escapes names")
    func page() {
        let page = ReportPage([Scenarios.report(Scenarios.make([(10, 100)]))], facts: ["<script>&\""]).html
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;&amp;&quot;"))
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("url("))
        #expect(page.contains("default-src &#39;none&#39;"))
        #expect(page.split(separator: "<svg role=\"img\"").count == 4)
        #expect(page.split(separator: "<desc ").count == 4)
    }
}
