import Domain
import Formats
import FoundationEssentials

/// EC2's market in a replay: the prices that an iteration fetches, the refusals, and the holds that follow.
struct ReplayMarket: Sendable {
    private let scenario: Scenario
    private let rules: ProvisioningRules
    private let zones: [String: [String]]
    /// Pools of the managed regions, by their place in the price history.
    private let offered: [Int]
    private let places: [Pool: Int]
    private var availability: [Int: PlacedTrace] = [:]
    private var luck: SeededRandom

    /// As the last iteration fetched them.
    private var prices: [SpotPrice] = []
    private var fetchedAt = -Double.infinity
    private var holds: HoldLedger
    /// As far as the policy looks at it.
    private var interruptions = InterruptionRecord()
    /// When the view has to be renewed because a hold ends.
    private var viewEnds = -Double.infinity
    private(set) var view: WorkerTypeDecision.MarketView

    /// How often prices were fetched.
    private(set) var fetches = 0

    init(_ scenario: Scenario, rules: ProvisioningRules, chance: SeededRandom) {
        self.scenario = scenario
        self.rules = rules
        var chance = chance
        let regions = Set(scenario.regions)
        zones = scenario.prices.zones.filter { regions.contains($0.key) }
        let series = scenario.prices.series
        offered = series.indices.filter { regions.contains(series[$0].pool.region) }
        places = Dictionary(
            offered.map { (series[$0].pool, $0) }, uniquingKeysWith: { first, _ in first })
        if let traces = scenario.capacity?.availability {
            for place in offered { availability[place] = PlacedTrace(traces, &chance) }
        }
        luck = chance
        holds = HoldLedger([], rules: rules, now: .distantPast)
        let none = Holds([], now: .distantPast)
        view = WorkerTypeDecision.MarketView(
            book: PriceBook([], zones: [:], holds: none), holds: none, zones: zones)
    }

    func place(of pool: Pool) -> Int? { places[pool] }

    /// Begins an iteration: fetches prices where they are old, reads the record of interruptions, and drops holds that
    /// have ended.
    mutating func refresh(_ now: Double, _ records: [PoolRecord]) {
        holds.beginIteration(now: date(now))
        if now - fetchedAt >= rules.priceCacheLife {
            fetchedAt = now
            fetches += 1
            if rules.strategy == .riskAdjusted { interruptions = record(records, now) }
            let time = scenario.start + now
            prices = offered.compactMap { place in
                let series = scenario.prices.series[place]
                return series.highest(from: time - rules.priceWindow, to: time).map {
                    SpotPrice(pool: series.pool, price: Price(usd: $0), timestamp: date(now))
                }
            }
        } else if now < viewEnds {
            return
        }
        makeView(now)
    }

    private func record(_ records: [PoolRecord], _ now: Double) -> InterruptionRecord {
        InterruptionRecord(
            Dictionary(
                offered.map { place in
                    (
                        scenario.prices.series[place].pool,
                        (records[place].interruptions, records[place].instanceHours(now))
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

    func date(_ now: Double) -> Date { Date(timeIntervalSince1970: scenario.start + now) }

    // MARK: Launches

    /// Why EC2 refuses a bid; nil when it launches.
    mutating func refusal(of bid: Bid, now: Double) -> ServiceFailure? {
        let pool = bid.pool
        guard let place = places[pool] else {
            return ServiceFailure(kind: .noCapacity, code: "Unsupported", message: "\(pool) is not offered")
        }
        if bid.market == .onDemand {
            if onDemandPrice(of: pool) != nil { return nil }
            return ServiceFailure(
                kind: .noCapacity, code: "Unsupported", message: "\(pool) has no price on demand")
        }
        guard let price = scenario.prices.series[place].price(at: scenario.start + now) else {
            return ServiceFailure(kind: .noCapacity, code: "Unsupported", message: "\(pool) is not offered")
        }
        if bid.bidPrice.usd < price {
            return ServiceFailure(
                kind: .priceTooLow, code: "SpotMaxPriceTooLow", message: "the price of \(pool) is \(price)")
        }
        if let trace = availability[place] {
            let share = trace.share(at: now)
            if share <= 0 || (share < 1 && luck.fraction() >= share) {
                return ServiceFailure(
                    kind: .noCapacity, code: "InsufficientInstanceCapacity",
                    message: "there is no capacity for \(pool)")
            }
        }
        return nil
    }

    /// US dollars an hour; nil when it is not known.
    func onDemandPrice(of pool: Pool) -> Double? {
        scenario.onDemand?.price(region: pool.region, instanceType: pool.instanceType)
    }

    /// Learns from the results of a round, as an iteration does.
    mutating func learn(from results: [BidResult], now: Double) {
        let before = holds.failures
        let changes = holds.learn(from: results)
        if holds.failures > before {
            makeView(now)
        } else if !changes.isEmpty {
            // An eased hold counts from the next iteration on.
            viewEnds = -.infinity
        }
    }
}
