public import Domain

/// What one run came to.
public struct SimulationReport: Sendable {
    /// The tasks' waiting times, seconds.
    public struct Waiting: Hashable, Sendable {
        public let median: Double
        /// 95 of a hundred waited no longer.
        public let percentile95: Double
        public let longest: Double
    }

    /// What one pool contributed.
    public struct PoolShare: Hashable, Sendable {
        public let pool: Pool
        public let instances: Int
        /// US dollars.
        public let cost: Double
    }

    public let policy: String
    public let tasks: Int
    /// Tasks that did not come to their end: no capacity was to be had for them.
    public let unfinished: Int
    public let taskHours: Double
    /// US dollars.
    public let cost: Double
    public let waiting: Waiting
    /// Of the capacity-time that was paid: that of workers that were up and ran nothing.
    public let idleShare: Double
    /// Of the capacity-time that was paid: that of instances that booted.
    public let bootShare: Double
    /// Of the capacity-time that was paid: work that interruptions undid.
    public let lostShare: Double
    public let launches: Int
    public let refusals: Int
    public let interruptions: Int
    public let ec2Calls: Int
    public let queueCalls: Int
    /// US dollars: see `HindsightBound`.
    public let bound: Double
    /// US dollars: the tasks' durations alone, at the least price from each one's arrival on.
    public let workBound: Double
    /// US dollars: the same instances, each in the pool that turned out cheapest.
    public let sameFleetCost: Double
    /// Those that money was spent on, the dearest first.
    public let pools: [PoolShare]
    /// For plots.
    let timeline: Timeline

    /// US dollars.
    public var costPerTaskHour: Double { taskHours > 0 ? cost / taskHours : 0 }

    /// How far the cost is above the bound, as a share of it.
    public var gap: Double { Self.excess(cost, over: bound) }
    public var workGap: Double { Self.excess(cost, over: workBound) }
    public var purchaseGap: Double { Self.excess(cost, over: sameFleetCost) }

    private static func excess(_ cost: Double, over bound: Double) -> Double {
        bound > 0 ? cost / bound - 1 : 0
    }

    /// Runs a scenario under a policy.
    public init(_ scenario: Scenario, policy: String, rules: ProvisioningRules) {
        var replay = Replay(scenario, rules: rules)
        replay.run()
        self.init(replay, policy: policy)
    }

    init(_ replay: Replay, policy: String) {
        self.policy = policy
        let fleet = replay.fleet
        tasks = fleet.done
        unfinished = fleet.tasks.count - fleet.done
        let finished = fleet.tasks.filter(\.isDone)
        let workSeconds = finished.reduce(0) { $0 + $1.duration }
        taskHours = workSeconds / 3600
        waiting = Waiting(finished.map(\.waited))

        var cost = 0.0
        var paid = 0.0
        var booted = 0.0
        var byPool: [Int: (instances: Int, cost: Double)] = [:]
        for instance in fleet.instances {
            let each = replay.cost(of: instance)
            cost += each
            let end = replay.billedUntil(instance)
            let capacity = Double(instance.capacity)
            paid += capacity * (end - instance.launchedAt)
            booted += capacity * ((instance.bootedAt ?? end) - instance.launchedAt)
            let sum = byPool[instance.pool] ?? (0, 0)
            byPool[instance.pool] = (sum.instances + 1, sum.cost + each)
        }
        self.cost = cost
        bootShare = paid > 0 ? booted / paid : 0
        lostShare = paid > 0 ? fleet.lostSeconds / paid : 0
        idleShare = paid > 0 ? max(0, 1 - (booted + workSeconds + fleet.lostSeconds) / paid) : 0
        launches = fleet.instances.count
        refusals = replay.refusals
        interruptions = fleet.interrupted
        ec2Calls = replay.calls.ec2
        queueCalls = replay.calls.queue
        let bounds = HindsightBound(replay)
        bound = bounds.bound
        workBound = bounds.work
        sameFleetCost = bounds.sameFleet
        pools = byPool.map { place, sum in
            PoolShare(
                pool: replay.scenario.prices.series[place].pool, instances: sum.instances, cost: sum.cost)
        }.sorted { ($1.cost, $0.pool) < ($0.cost, $1.pool) }
        timeline = Timeline(replay, pools: pools.prefix(Timeline.shownPools).map(\.pool))
    }
}

extension SimulationReport.Waiting {
    fileprivate init(_ waits: [Double]) {
        let sorted = waits.sorted()
        func rank(_ share: Double) -> Double {
            // The nearest rank: the least wait that so many do not exceed.
            let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
            return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, max(0, place))]
        }
        self.init(median: rank(0.5), percentile95: rank(0.95), longest: sorted.last ?? 0)
    }
}
