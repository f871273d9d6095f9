import Domain
import Formats
import TestSupport
import Testing

@Suite("What is more than a region may be sent")
struct ChoosingElsewhereTests {
    private static let here = "us-east-1"
    private static let types = [("c5.xlarge", 1, 1.0), ("c5.4xlarge", 4, 1.0)]
    private let rules: ProvisioningRules = {
        var rules = ProvisioningRules()
        rules.maxPoolShare = 1
        return rules
    }()

    /// What is sought elsewhere for two bids of capacity 1 at 0.1 USD/h that wait, of six tasks.
    ///
    /// - Parameters:
    ///   - prices: of the other region's pools.
    ///   - underWay: how many of the other four were launched.
    private func elsewhere(
        _ prices: [(String, String, Double)], maxCapacity: Int = 100, underWay: Int = 4
    ) -> [String: Int] {
        let type = WorkerType.sample(
            "alpha", .sample(maxCapacity: maxCapacity, types: Self.types, regions: [Self.here, "eu-west-1"]))
        let market = WorkerTypeDecision.MarketView(
            book: PoolChoiceTests.book([("us-east-1a", "c5.xlarge", 0.1)] + prices),
            holds: Holds([], now: .start), zones: PoolChoiceTests.zones)
        let decision = WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: 6, tally: CapacityTally(), launches: []),
            market: WorkerTypeDecision.MarketView(
                book: PoolChoiceTests.book([("us-east-1a", "c5.xlarge", 0.1)]),
                holds: market.holds, zones: market.zones), rules: rules, now: .start)
        #expect(decision.bids.count == 6)
        return decision.reselect(
            for: type, missing: 0, waiting: Array(decision.bids.prefix(2)),
            underWay: Array(decision.bids.prefix(underWay)), fullRegions: [Self.here], isLast: false,
            market: market, rules: rules
        ).bids.reduce(into: [:]) { $0["\($1.pool)", default: 0] += 1 }
    }

    @Test("is bought in another region that is at most maxPremium dearer, and in none that is dearer")
    func price() {
        #expect(elsewhere([("eu-west-1a", "c5.xlarge", 0.119)]) == ["eu-west-1a c5.xlarge": 2])
        #expect(elsewhere([("eu-west-1a", "c5.xlarge", 0.121)]).isEmpty)
        #expect(elsewhere([]).isEmpty)
    }

    @Test("is not bought as a large instance of which most is not wanted, however cheap that is for its size")
    func largeInstance() {
        #expect(elsewhere([("eu-west-1a", "c5.4xlarge", 0.25)]).isEmpty)
        #expect(elsewhere([("eu-west-1a", "c5.4xlarge", 0.23)]) == ["eu-west-1a c5.4xlarge": 1])
    }

    @Test("does not pass maxCapacity")
    func maxCapacity() {
        let large = [("eu-west-1a", "c5.4xlarge", 0.23)]
        #expect(elsewhere(large, maxCapacity: 8) == ["eu-west-1a c5.4xlarge": 1])
        #expect(elsewhere(large, maxCapacity: 7).isEmpty)
    }

    @Test("is no more than the change still lacks")
    func change() {
        let cheap = [("eu-west-1a", "c5.xlarge", 0.1)]
        #expect(elsewhere(cheap, underWay: 5) == ["eu-west-1a c5.xlarge": 1])
        #expect(elsewhere(cheap, underWay: 6).isEmpty)
    }
}
