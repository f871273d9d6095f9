package import Domain

/// What one run came to.
package struct SimulationReport: Sendable {
    /// The tasks' waiting times, seconds.
    package struct Waiting: Hashable, Sendable {
        package let median: Double
        /// 95 of a hundred waited no longer.
        package let percentile95: Double
        package let longest: Double
    }

    /// What one pool contributed.
    package struct PoolShare: Hashable, Sendable {
        package let pool: Pool
        package let instances: Int
        /// US dollars.
        package let cost: Double
    }

    package let policy: String
    package let tasks: Int
    /// Tasks that did not come to their end: no capacity was to be had for them.
    package let unfinished: Int
    package let taskHours: Double
    /// US dollars.
    package let cost: Double
    package let waiting: Waiting
    /// Of the capacity-time that was paid: that of workers that were up and ran nothing.
    package let idleShare: Double
    /// Of the capacity-time that was paid: that of instances that booted.
    package let bootShare: Double
    /// Of the capacity-time that was paid: work that interruptions undid.
    package let lostShare: Double
    package let launches: Int
    package let refusals: Int
    package let interruptions: Int
    package let ec2Calls: Int
    package let queueCalls: Int
    /// US dollars: see `HindsightBound`.
    package let bound: Double
    /// US dollars: the tasks' durations alone, at the least price from each one's arrival on.
    package let workBound: Double
    /// US dollars: the same instances, each in the pool that turned out cheapest.
    package let sameFleetCost: Double
    /// Those that money was spent on, the dearest first.
    package let pools: [PoolShare]
    /// For plots.
    let timeline: Timeline

    /// US dollars.
    package var costPerTaskHour: Double { taskHours > 0 ? cost / taskHours : 0 }

    /// How far the cost is above the bound, as a share of it.
    package var gap: Double { Self.excess(cost, over: bound) }
    package var workGap: Double { Self.excess(cost, over: workBound) }
    package var purchaseGap: Double { Self.excess(cost, over: sameFleetCost) }

    private static func excess(_ cost: Double, over bound: Double) -> Double {
        bound > 0 ? cost / bound - 1 : 0
    }

    /// Runs a scenario under a policy.
    package init(_ scenario: Scenario, policy: String, rules: ProvisioningRules) {
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
