package import Domain
import Formats
import FoundationEssentials

/// One run of a scenario under one policy: an iteration at each interval of virtual time, which decides with the same
/// code as production does, and between them only what happens.
///
/// What is left to chance is drawn from a stream of its own for each kind (boot times, interruptions, who takes a
/// task, capacity), so that two policies which launch alike meet the same luck.
package struct Replay: Sendable {
    /// The state of things right after an iteration.
    struct Sample: Sendable {
        /// Seconds from the beginning.
        let time: Double
        let pending: Int
        /// Capacity.
        let running: Int
        let booting: Int
    }

    let scenario: Scenario
    let rules: ProvisioningRules
    let workerTypes: [WorkerType]
    var market: ReplayMarket
    var fleet: ReplayFleet
    var calls = CallCount()
    private(set) var samples: [Sample] = []
    private var placesOfTypes: [String: Int] = [:]
    let workerTypesByName: [String: WorkerType]
    private var bootRandom: SeededRandom
    private var interruptionRandom: SeededRandom
    private var preemptions: [Int: PlacedTrace] = [:]
    private var oldest = 0
    private(set) var refusals = 0
    private(set) var end = 0.0

    /// Calls to the services.
    struct CallCount: Sendable {
        var ec2 = 0
        var queue = 0
    }

    package init(_ scenario: Scenario, rules: ProvisioningRules) {
        self.scenario = scenario
        self.rules = rules
        workerTypes = scenario.workerTypes.map { type in
            var definition = type.definition
            if scenario.onDemand == nil { definition.canUseOndemand = false }
            return WorkerType(
                name: type.name, definition: definition, lastModified: type.lastModified)
        }
        workerTypesByName = Dictionary(
            workerTypes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        placesOfTypes = Dictionary(
            workerTypes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var seeds = SeededRandom(seed: scenario.conditions.seed)
        func stream() -> SeededRandom { SeededRandom(seed: seeds.next()) }
        bootRandom = stream()
        interruptionRandom = stream()
        market = ReplayMarket(scenario, rules: rules, chance: stream())
        fleet = ReplayFleet(
            workerTypes: workerTypes.count, pools: scenario.prices.series.count,
            idleTimeout: scenario.conditions.idleTimeout, dispatch: stream())
        var placing = stream()
        if let traces = scenario.capacity?.preemption {
            for pool in scenario.prices.series.indices {
                preemptions[pool] = PlacedTrace(traces, &placing)
                expectLoss(of: pool, after: 0)
            }
        }
    }

    /// Runs to the end: all tasks done and all instances gone, or no instance to be had for a day.
    package mutating func run() {
        var arrivals = scenario.loads.flatMap { load in
            placesOfTypes[load.workerType].map { type in load.tasks.map { (type, $0) } } ?? []
        }
        arrivals.sort { ($0.1.arrival, $0.0) < ($1.1.arrival, $1.0) }
        var next = 0
        var deciding = scenario.conditions.interval
        var secondsWithoutCapacity = 0.0
        while true {
            let isOpen = fleet.done < arrivals.count && secondsWithoutCapacity < 86_400
            if !isOpen && fleet.alive == 0 { break }
            let arrival = next < arrivals.count ? arrivals[next].1.arrival : .infinity
            let event = fleet.nextEvent ?? .infinity
            let decision = isOpen ? deciding : .infinity
            if event <= arrival && event <= decision {
                guard event < .infinity else { break }
                end = fleet.alive > 0 ? event : end
                step()
            } else if arrival <= decision {
                fleet.arrive(workerType: arrivals[next].0, arrivals[next].1)
                next += 1
            } else {
                iterate(deciding)
                let isBarren = next == arrivals.count && fleet.alive == 0
                secondsWithoutCapacity = isBarren ? secondsWithoutCapacity + scenario.conditions.interval : 0
                end = deciding
                deciding += scenario.conditions.interval
            }
        }
        sample(end)
    }

    private mutating func step() {
        guard let (now, event) = fleet.step(), case .capacityLost(let pool, let share) = event else { return }
        for instance in fleet.byPool[pool] where interruptionRandom.fraction() < share {
            fleet.interrupt(instance, now)
        }
        expectLoss(of: pool, after: now)
    }

    private mutating func expectLoss(of pool: Int, after now: Double) {
        guard let loss = preemptions[pool]?.nextLoss(after: now) else { return }
        fleet.add(.capacityLost(pool: pool, share: loss.share), at: loss.time)
    }

    // MARK: An iteration

    private mutating func iterate(_ now: Double) {
        retire(now)
        let fetches = market.fetches
        market.refresh(now, fleet.records)
        countCalls(pricesFetched: market.fetches > fetches)
        let date = market.date(now)
        let pending = Dictionary(
            workerTypes.indices.map { (workerTypes[$0].name, fleet.pending($0)) },
            uniquingKeysWith: { first, _ in first })
        let tally = FleetTally(
            Dictionary(
                workerTypes.indices.map { (workerTypes[$0].name, fleet.tallies[$0]) },
                uniquingKeysWith: { first, _ in first }), holdings: holdings)
        let plan = Plan(
            Plan.inputs(workerTypes, pendingTasks: pending, tally: tally), market: market.view,
            fleet: Fleet([], ownership: Self.ownership), gone: [], readRegions: [], rules: rules, now: date)
        buy(plan, now)
        sample(now)
    }

    /// What each worker type has in each pool, where its strategy counts that.
    private var holdings: [String: [Pool: Int]] {
        guard rules.strategy == .diversified else { return [:] }
        return Dictionary(
            workerTypes.indices.map { type in
                let held = fleet.holdings[type].lazy.filter { $0.value > 0 }.map {
                    (scenario.prices.series[$0.key].pool, $0.value)
                }
                return (workerTypes[type].name, Dictionary(held, uniquingKeysWith: +))
            }, uniquingKeysWith: { first, _ in first })
    }

    static let ownership = Ownership(provisionerId: "simulation", keyPrefix: "simulation:")

    /// What has outlived its time goes, as `TerminationPlan` decides.
    private mutating func retire(_ now: Double) {
        while oldest < fleet.instances.count, fleet.instances[oldest].endedAt != nil { oldest += 1 }
        var states: [String: RegionState] = [:]
        var index = oldest
        while index < fleet.instances.count, now - fleet.instances[index].launchedAt > rules.maxLife {
            let instance = fleet.instances[index]
            if instance.endedAt == nil {
                let pool = scenario.prices.series[instance.pool].pool
                let shown = Instance(
                    id: "\(index)", pool: pool, imageId: "", state: .running,
                    launchTime: market.date(instance.launchedAt),
                    tags: Self.ownership.tags(
                        workerType: workerTypes[instance.workerType].name, launchId: "\(index)"))
                states[
                    pool.region,
                    default: RegionState(
                        region: pool.region, instances: [], spotRequests: [], availabilityZones: [],
                        fetchedAt: market.date(now))
                ].instances.append(shown)
            }
            index += 1
        }
        guard !states.isEmpty else { return }
        let retirement = TerminationPlan(
            Fleet(states.sorted { $0.key < $1.key }.map(\.value), ownership: Self.ownership),
            present: Set(workerTypes.map(\.name)), removed: [], launches: [:], rules: rules,
            now: market.date(now))
        for termination in retirement.terminations {
            if let id = Int(termination.instance.id) { fleet.terminate(id, now) }
        }
        calls.ec2 += Set(retirement.terminations.map(\.instance.pool.region)).count
    }

    /// Four calls for each region, one more for each further 1,000 instances; one for prices where they
    /// were fetched; one for each worker type to the Queue.
    private mutating func countCalls(pricesFetched: Bool) {
        calls.queue += workerTypes.count
        calls.ec2 += scenario.regions.count * (pricesFetched ? 5 : 4) + fleet.alive / 1000
    }

    /// Launches an instance that was bid for.
    mutating func launch(_ bid: Bid, _ now: Double) {
        guard let pool = market.place(of: bid.pool), let type = placesOfTypes[bid.workerType] else { return }
        let boot = Double.random(in: scenario.conditions.boot, using: &bootRandom)
        let luck = interruptionRandom.exponential()
        let id = fleet.launch(bid, workerType: type, pool: pool, now: now, boot: boot)
        guard bid.market == .spot else { return }
        let rate = scenario.interruptions.perHour(bid.pool)
        if rate > 0 { fleet.add(.interrupted(instance: id), at: now + luck / rate * 3600) }
        let series = scenario.prices.series[pool]
        if let dear = series.firstAbove(bid.bidPrice.usd, from: scenario.start + now) {
            fleet.add(.interrupted(instance: id), at: dear - scenario.start)
        }
    }

    mutating func countRefusal() { refusals += 1 }

    private mutating func sample(_ now: Double) {
        let sums = fleet.tallies.reduce((0, 0)) { ($0.0 + $1.running, $0.1 + $1.booting) }
        samples.append(
            Sample(
                time: now, pending: fleet.pending, running: sums.0, booting: sums.1))
    }
}
