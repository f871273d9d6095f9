import Domain
import Formats
import FoundationEssentials

/// EC2's market as a replayed iteration meets it: what prices it is told, what it may not have, what it leaves alone.
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
    private var backOffs: [BackOff.Subject: BackOff] = [:]
    /// As far as the policy looks at it.
    private var interruptions = InterruptionRecord()
    /// When the view has to be made anew because a back-off ends.
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
        let none = BackOffs([], now: .distantPast)
        view = WorkerTypeDecision.MarketView(
            book: PriceBook([], zones: [:], backOffs: none), backOffs: none, zones: zones)
    }

    func place(of pool: Pool) -> Int? { places[pool] }

    /// What an iteration does first: fetch prices where they are old, look at what was interrupted, and forget
    /// back-offs that have ended.
    mutating func refresh(_ now: Double, _ records: [PoolRecord]) {
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
        let inForce = BackOffs(backOffs.values, now: date(now))
        view = WorkerTypeDecision.MarketView(
            book: PriceBook(prices, zones: zones, backOffs: inForce), backOffs: inForce, zones: zones,
            interruptions: interruptions)
        let start = scenario.start
        viewEnds =
            backOffs.values.map { $0.until.timeIntervalSince1970 - start }.filter { $0 > now }.min()
            ?? .infinity
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

    /// Leaves alone what failed, and eases the back-offs of what worked, as an iteration does after a round.
    mutating func learn(
        failed: [(subject: BackOff.Subject, failure: ServiceFailure)], worked: Set<BackOff.Subject>,
        now: Double
    ) {
        var changed = false
        for (subject, failure) in failed {
            let backOff = BackOff.after(
                backOffs[subject], subject: subject, failure: failure, rules: rules, now: date(now))
            backOffs[subject] = backOff
            changed = true
        }
        for subject in worked {
            guard let backOff = backOffs[subject] else { continue }
            backOffs[subject] = backOff.eased(now: date(now))
            changed = true
        }
        if changed { makeView(now) }
    }
}
