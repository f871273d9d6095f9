package import Domain
import Formats
import FoundationEssentials

/// A run of a scenario under one policy: one iteration at each interval of virtual time, with the decision of
/// production, and events between the iterations.
///
/// It serves `simulate`, which compares policies on recorded or generated prices and loads. `SimulatedWorld` is the
/// other simulator: it runs complete iterations with a database, for `demo` and tests.
///
/// Boot times, interruptions, dispatch of tasks, and capacity each have their own stream of random numbers, so that two
/// policies with the same launches get the same values.
package struct Replay: Sendable {
    /// The state after an iteration.
    struct Sample: Sendable {
        /// Seconds since the beginning.
        let time: Double
        /// Number of pending tasks.
        let pending: Int
        /// Capacity of the instances that count as running.
        let running: Int
        /// Capacity of the instances that count as booting.
        let booting: Int
    }

    let scenario: Scenario
    let rules: ProvisioningRules
    let workerTypes: [WorkerType]
    var market: ReplayMarket
    var fleet: ReplayFleet
    var calls = CallCount()
    /// Empty unless there is a limit of spend.
    var spend = ReplaySpend()
    private(set) var samples: [Sample] = []
    /// The demand of earlier iterations, by worker type.
    private var demand: [String: DemandRecord] = [:]
    private var typeIndices: [String: Int] = [:]
    let workerTypesByName: [String: WorkerType]
    let quotas: AccountQuotas
    private var bootRandom: SeededRandom
    private var losses: CapacityLosses
    /// Index of the first instance that has not ended.
    private var oldest = 0
    private(set) var refusals = 0
    private(set) var end = 0.0

    /// Number of calls to each service.
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
        quotas = AccountQuotas(
            scenario.quotas, instanceTypes: Set(scenario.prices.series.map(\.pool.instanceType)))
        workerTypesByName = Dictionary(
            workerTypes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        typeIndices = Dictionary(
            workerTypes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var seeds = SeededRandom(seed: scenario.conditions.seed)
        func stream() -> SeededRandom { SeededRandom(seed: seeds.next()) }
        bootRandom = stream()
        let interruptionRandom = stream()
        market = ReplayMarket(scenario, rules: rules, random: stream())
        // A Queue that reports claimed tasks shows which workers have claimed none.
        let claimGrace = scenario.conditions.reportsClaimedTasks ? 0 : rules.claimGrace
        fleet = ReplayFleet(
            workerTypes: workerTypes.count, pools: scenario.prices.series.count,
            conditions: scenario.conditions, claimGrace: claimGrace, dispatch: stream())
        losses = CapacityLosses(scenario, times: stream(), hits: interruptionRandom)
        for stream in losses.indices { addNextLoss(stream, after: 0) }
    }

    /// Runs until all tasks are done and all instances have ended, or until no instance was available for a day.
    package mutating func run() {
        var arrivals = scenario.loads.flatMap { load in
            typeIndices[load.workerType].map { type in load.tasks.map { (type, $0) } } ?? []
        }
        arrivals.sort { ($0.1.arrival, $0.0) < ($1.1.arrival, $1.0) }
        var next = 0
        var nextIteration = scenario.conditions.interval
        var secondsWithoutCapacity = 0.0
        while true {
            let isOpen = fleet.done < arrivals.count && secondsWithoutCapacity < 86_400
            if !isOpen && fleet.alive == 0 { break }
            let arrival = next < arrivals.count ? arrivals[next].1.arrival : .infinity
            let event = fleet.nextEvent ?? .infinity
            let iteration = isOpen ? nextIteration : .infinity
            if event <= arrival && event <= iteration {
                guard event < .infinity else { break }
                end = fleet.alive > 0 ? event : end
                step()
            } else if arrival <= iteration {
                fleet.arrive(workerType: arrivals[next].0, arrivals[next].1)
                next += 1
            } else {
                iterate(nextIteration)
                let isWithoutCapacity = next == arrivals.count && fleet.alive == 0
                secondsWithoutCapacity =
                    isWithoutCapacity ? secondsWithoutCapacity + scenario.conditions.interval : 0
                end = nextIteration
                nextIteration += scenario.conditions.interval
            }
        }
        sample(end)
    }

    private mutating func step() {
        guard let (now, event) = fleet.step(), case .capacityLost(let loss) = event else { return }
        losses.begin(loss)
        let pool = losses.pool(of: loss)
        for instance in fleet.byPool[pool] where fleet.instances[instance].market == .spot {
            addInterruption(of: instance, in: pool, now)
        }
        addNextLoss(loss.stream, after: now)
    }

    /// Schedules the next loss of capacity of a stream.
    private mutating func addNextLoss(_ stream: Int, after now: Double) {
        guard let loss = losses.next(stream, after: now) else { return }
        fleet.add(.capacityLost(loss), at: loss.time)
    }

    /// Schedules the interruption of an instance if the last loss of its pool includes the instance.
    private mutating func addInterruption(of instance: Int, in pool: Int, _ now: Double) {
        guard let time = losses.interruption(in: pool, after: now) else { return }
        fleet.add(.interrupted(instance: instance), at: time)
    }

    // MARK: Iteration

    private mutating func iterate(_ now: Double) {
        terminateOldInstances(now)
        let fetches = market.fetches
        market.refresh(now, fleet.records)
        countCalls(pricesFetched: market.fetches > fetches)
        let date = market.date(now)
        let pending = Dictionary(
            workerTypes.indices.map { (workerTypes[$0].name, fleet.pending($0)) },
            uniquingKeysWith: { first, _ in first })
        let claimed =
            scenario.conditions.reportsClaimedTasks
            ? Dictionary(
                workerTypes.indices.map { (workerTypes[$0].name, fleet.claimedTasks[$0]) },
                uniquingKeysWith: { first, _ in first }) : [:]
        let tally = FleetTally(
            Dictionary(
                workerTypes.indices.map { (workerTypes[$0].name, fleet.tallies[$0]) },
                uniquingKeysWith: { first, _ in first }), holdings: holdings)
        let quotas = QuotaBudget(quotas, instances: instancesByKind)
        let plan = Plan(
            Plan.inputs(
                workerTypes, pendingTasks: pending, claimedTasks: claimed, tally: tally, demand: demand,
                rules: rules, now: date),
            market: market.view(with: quotas, date), fleet: Fleet([], ownership: Self.ownership), gone: [],
            readRegions: [],
            use: totalUse(now), prices: hourlyPrices, quotas: quotas, rules: rules, now: date)
        demand = plan.demandRecords(after: buy(plan, now))
        sample(now)
    }

    /// Capacity of each worker type in each pool, for strategies that depend on it.
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

    /// Terminates instances that exceed the maximum life, as `TerminationPlan` decides.
    private mutating func terminateOldInstances(_ now: Double) {
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
        // A replay keeps no launches: all instances are its own.
        var rules = rules
        rules.terminateUnknown = true
        let plan = TerminationPlan(
            Fleet(states.sorted { $0.key < $1.key }.map(\.value), ownership: Self.ownership),
            present: Set(workerTypes.map(\.name)), removed: [], launches: [:], rules: rules,
            now: market.date(now))
        for termination in plan.terminations {
            if let id = Int(termination.instance.id) { fleet.terminate(id, now) }
        }
        calls.ec2 += Set(plan.terminations.map(\.instance.pool.region)).count
    }

    /// Counts the calls of an iteration: to EC2 four for each region, one for each further 1,000 instances, and one for
    /// each region whose prices are fetched; to the Queue one for each worker type.
    private mutating func countCalls(pricesFetched: Bool) {
        calls.queue += workerTypes.count
        calls.ec2 += scenario.regions.count * (pricesFetched ? 5 : 4) + fleet.alive / 1000
    }

    /// Launches the instance of a bid.
    mutating func launch(_ bid: Bid, _ now: Double) {
        guard let pool = market.index(of: bid.pool), let type = typeIndices[bid.workerType] else { return }
        let boot = Double.random(in: scenario.conditions.boot, using: &bootRandom)
        let id = fleet.launch(bid, workerType: type, pool: pool, now: now, boot: boot)
        guard bid.market == .spot else { return }
        addInterruption(of: id, in: pool, now)
        let series = scenario.prices.series[pool]
        if let outbidAt = series.firstAbove(bid.bidPrice.usd, from: scenario.start + now) {
            fleet.add(.interrupted(instance: id), at: outbidAt - scenario.start)
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
