import Domain
import Formats
import TestSupport
import Testing

@Suite("Capacity above the limit of submissions of a region")
struct FallbackBidsTests {
    private static let here = "us-east-1"
    private static let types = [("c5.xlarge", 1, 1.0), ("c5.4xlarge", 4, 1.0)]
    private let rules: ProvisioningRules = {
        var rules = ProvisioningRules()
        rules.maxPoolShare = 1
        return rules
    }()

    /// The fallback bids for two of six bids of capacity 1 at 0.1 USD/h that are above the limit of their region.
    ///
    /// - Parameters:
    ///   - prices: of the other region's pools.
    ///   - underWay: the number of launched bids among the other four.
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

    @Test("is bought in another region only if that costs at most maxPremium more")
    func price() {
        #expect(elsewhere([("eu-west-1a", "c5.xlarge", 0.119)]) == ["eu-west-1a c5.xlarge": 2])
        #expect(elsewhere([("eu-west-1a", "c5.xlarge", 0.121)]).isEmpty)
        #expect(elsewhere([]).isEmpty)
    }

    @Test("is not bought as a large, mostly unneeded instance, even if that is cheap a unit")
    func largeInstance() {
        #expect(elsewhere([("eu-west-1a", "c5.4xlarge", 0.25)]).isEmpty)
        #expect(elsewhere([("eu-west-1a", "c5.4xlarge", 0.23)]) == ["eu-west-1a c5.4xlarge": 1])
    }

    @Test("does not exceed maxCapacity")
    func maxCapacity() {
        let large = [("eu-west-1a", "c5.4xlarge", 0.23)]
        #expect(elsewhere(large, maxCapacity: 8) == ["eu-west-1a c5.4xlarge": 1])
        #expect(elsewhere(large, maxCapacity: 7).isEmpty)
    }

    @Test("does not exceed the rest of the change")
    func change() {
        let cheap = [("eu-west-1a", "c5.xlarge", 0.1)]
        #expect(elsewhere(cheap, underWay: 5) == ["eu-west-1a c5.xlarge": 1])
        #expect(elsewhere(cheap, underWay: 6).isEmpty)
    }
}
