import Domain
import Formats
import FoundationEssentials

/// EC2's market in a replay: the prices that an iteration fetches, refusals, and their holds.
struct ReplayMarket: Sendable {
    private let scenario: Scenario
    private let rules: ProvisioningRules
    private let zones: [String: [String]]
    /// Pools of the managed regions, as indices of the price history.
    private let offered: [Int]
    private let indices: [Pool: Int]
    private var availability: [Int: PlacedTrace] = [:]
    private var capacityRandom: SeededRandom

    /// Prices of the last fetch.
    private var prices: [SpotPrice] = []
    private var fetchedAt = -Double.infinity
    private var holds: HoldLedger
    /// Empty unless the policy uses it.
    private var interruptions = InterruptionRecord()
    /// The interruptions of each pool at the last iteration.
    private var interruptionCounts: [Int: Int] = [:]
    /// Time at which the view becomes outdated because a hold ends.
    private var viewEnds = -Double.infinity
    private(set) var view: WorkerTypeDecision.MarketView

    /// Number of price fetches.
    private(set) var fetches = 0

    init(_ scenario: Scenario, rules: ProvisioningRules, random: SeededRandom) {
        self.scenario = scenario
        self.rules = rules
        var random = random
        let regions = Set(scenario.regions)
        zones = scenario.prices.zones.filter { regions.contains($0.key) }
        let series = scenario.prices.series
        offered = series.indices.filter { regions.contains(series[$0].pool.region) }
        indices = Dictionary(
            offered.map { (series[$0].pool, $0) }, uniquingKeysWith: { first, _ in first })
        if let traces = scenario.capacity?.availability {
            for index in offered { availability[index] = PlacedTrace(traces, &random) }
        }
        capacityRandom = random
        holds = HoldLedger([], pauses: scenario.pauses, rules: rules, now: .distantPast)
        let none = Holds([], now: .distantPast)
        view = WorkerTypeDecision.MarketView(
            book: PriceBook([], zones: [:], holds: none), holds: none, zones: zones)
    }

    /// Index of a pool in the price history; nil when no region of the scenario has it.
    func index(of pool: Pool) -> Int? { indices[pool] }

    /// Begins an iteration: fetches outdated prices with the interruption record, and removes ended holds.
    mutating func refresh(_ now: Double, _ records: [PoolRecord]) {
        holds.beginIteration(now: date(now))
        if holdInterruptedPools(records) { viewEnds = -.infinity }
        if now - fetchedAt >= rules.priceCacheLife {
            fetchedAt = now
            fetches += 1
            if rules.strategy == .riskAdjusted { interruptions = record(records, now) }
            let time = scenario.start + now
            prices = offered.compactMap { index in
                let series = scenario.prices.series[index]
                return series.highest(from: time - rules.priceWindow, to: time).map {
                    SpotPrice(pool: series.pool, price: Price(usd: $0), timestamp: date(now))
                }
            }
        } else if now < viewEnds {
            return
        }
        makeView(now)
    }

    /// Holds the pools in which instances were interrupted since the last iteration, as `LaunchReconciler` does.
    ///
    /// - Returns: whether there is a new hold.
    private mutating func holdInterruptedPools(_ records: [PoolRecord]) -> Bool {
        guard rules.holdsInterruptedPools else { return false }
        var isHeld = false
        for index in offered where records[index].interruptions > 0 {
            let new = records[index].interruptions - interruptionCounts[index, default: 0]
            interruptionCounts[index] = records[index].interruptions
            let alive = Int(records[index].alive)
            guard let failure = Interruption.failure(new, alive: alive, code: "interrupted") else { continue }
            let target = LaunchTarget(in: scenario.prices.series[index].pool, .spot)
            if !holds.recordFailure(of: target, failure, definition: nil).isEmpty { isHeld = true }
        }
        return isHeld
    }

    private func record(_ records: [PoolRecord], _ now: Double) -> InterruptionRecord {
        InterruptionRecord(
            Dictionary(
                offered.map { index in
                    (
                        scenario.prices.series[index].pool,
                        (records[index].billedInterruptions, records[index].instanceHours(now))
                    )
                }, uniquingKeysWith: { first, _ in first }))
    }

    private mutating func makeView(_ now: Double) {
        let active = holds.active
        view = WorkerTypeDecision.MarketView(
            book: PriceBook(prices, zones: zones, holds: active), holds: active, zones: zones,
            interruptions: interruptions)
        viewEnds = holds.nextEnd.map { $0.timeIntervalSince1970 - scenario.start } ?? .infinity
    }

    /// The view with the holds of quotas.
    func view(with quotas: QuotaBudget, _ now: Date) -> WorkerTypeDecision.MarketView {
        let held = quotas.holds(rules: rules, now: now)
        if held.isEmpty { return view }
        var view = view
        view.holds = view.holds.adding(held)
        view.book = PriceBook(prices, zones: zones, holds: view.holds)
        return view
    }

    func date(_ now: Double) -> Date { Date(timeIntervalSince1970: scenario.start + now) }

    // MARK: Launches

    /// Returns the refusal of a bid; nil when EC2 launches the instance.
    mutating func refusal(of bid: Bid, now: Double) -> ServiceFailure? {
        let pool = bid.pool
        guard let index = indices[pool] else {
            return ServiceFailure(kind: .noCapacity, code: "Unsupported", message: "\(pool) is not offered")
        }
        if bid.market == .onDemand {
            if onDemandPrice(of: pool) != nil { return nil }
            return ServiceFailure(
                kind: .noCapacity, code: "Unsupported", message: "\(pool) has no on-demand price")
        }
        guard let price = scenario.prices.series[index].price(at: scenario.start + now) else {
            return ServiceFailure(kind: .noCapacity, code: "Unsupported", message: "\(pool) is not offered")
        }
        if bid.bidPrice.usd < price {
            return ServiceFailure(
                kind: .priceTooLow, code: "SpotMaxPriceTooLow", message: "the price of \(pool) is \(price)")
        }
        if let trace = availability[index] {
            let share = trace.share(at: now)
            if share <= 0 || (share < 1 && capacityRandom.fraction() >= share) {
                return ServiceFailure(
                    kind: .noCapacity, code: "InsufficientInstanceCapacity",
                    message: "there is no capacity for \(pool)")
            }
        }
        return nil
    }

    /// US dollars an hour; nil when it is unknown.
    func onDemandPrice(of pool: Pool) -> Double? {
        scenario.onDemand?[pool, .linux]?.usd
    }

    /// Updates the holds with the results of a round, as an iteration does.
    mutating func apply(_ results: [BidResult], now: Double) {
        let before = holds.failures
        let changes = holds.learn(from: results)
        if holds.failures > before {
            makeView(now)
        } else if !changes.isEmpty {
            // A shortened hold takes effect in the next iteration.
            viewEnds = -.infinity
        }
    }
}
