package import Domain
import Formats

/// Totals of one run.
package struct SimulationReport: Sendable {
    /// Waiting times of the tasks, seconds.
    package struct WaitingTimes: Hashable, Sendable {
        package let median: Double
        /// 95th percentile.
        package let percentile95: Double
        package let longest: Double
    }

    /// Instances and cost of one pool.
    package struct PoolShare: Hashable, Sendable {
        package let pool: Pool
        package let instances: Int
        /// US dollars.
        package let cost: Double
    }

    /// The policy, or the policies with the same figures.
    package fileprivate(set) var policy: String
    package let tasks: Int
    /// Tasks that did not finish, because no capacity was available.
    package let unfinished: Int
    package let taskHours: Double
    /// US dollars.
    package let cost: Double
    package let waiting: WaitingTimes
    /// Share of the capacity-time of all instances, billed or not, in which workers were idle.
    package let idleShare: Double
    /// Share of the capacity-time in which instances booted.
    package let bootShare: Double
    /// Share of the capacity-time that interruptions wasted.
    package let lostShare: Double
    /// Work on tasks that interruptions undid, hours.
    package let lostTaskHours: Double
    package let launches: Int
    package let refusals: Int
    package let interruptions: Int
    package let ec2Calls: Int
    package let queueCalls: Int
    /// `HindsightBound.bound`, US dollars.
    package let bound: Double
    /// `HindsightBound.wholeInstances`, US dollars.
    package let wholeBound: Double
    /// `HindsightBound.work`, US dollars.
    package let workBound: Double
    /// `HindsightBound.sameFleet`, US dollars.
    package let sameFleetCost: Double
    /// Pools with instances, ordered by cost, highest first.
    package let pools: [PoolShare]
    /// Data of the plots.
    let timeline: Timeline

    /// US dollars.
    package var costPerTaskHour: Double { taskHours > 0 ? cost / taskHours : 0 }

    /// Excess of the cost over the bound, as a share of the bound.
    package var gap: Double { Self.excess(cost, over: bound) }
    /// Excess of the cost over `wholeBound`, as a share of it.
    package var wholeGap: Double { Self.excess(cost, over: wholeBound) }
    /// Excess of the cost over `workBound`, as a share of it.
    package var workGap: Double { Self.excess(cost, over: workBound) }
    /// Excess of the cost over `sameFleetCost`, as a share of it.
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
        waiting = WaitingTimes(finished.map(\.waited))

        var cost = 0.0
        var lived = 0.0
        var booted = 0.0
        var byPool: [Int: (instances: Int, cost: Double)] = [:]
        for instance in fleet.instances {
            let each = replay.cost(of: instance)
            cost += each
            let end = replay.end(of: instance)
            let capacity = Double(instance.capacity)
            lived += capacity * (end - instance.launchedAt)
            booted += capacity * ((instance.bootedAt ?? end) - instance.launchedAt)
            let sum = byPool[instance.pool] ?? (0, 0)
            byPool[instance.pool] = (sum.instances + 1, sum.cost + each)
        }
        self.cost = cost
        bootShare = lived > 0 ? booted / lived : 0
        lostShare = lived > 0 ? fleet.lostSeconds / lived : 0
        lostTaskHours = fleet.lostSeconds / 3600
        idleShare = lived > 0 ? max(0, 1 - (booted + workSeconds + fleet.lostSeconds) / lived) : 0
        launches = fleet.instances.count
        refusals = replay.refusals
        interruptions = fleet.interrupted
        ec2Calls = replay.calls.ec2
        queueCalls = replay.calls.queue
        let bounds = HindsightBound(replay)
        bound = bounds.bound
        wholeBound = bounds.wholeInstances
        workBound = bounds.work
        sameFleetCost = bounds.sameFleet
        pools = byPool.map { place, sum in
            PoolShare(
                pool: replay.scenario.prices.series[place].pool, instances: sum.instances, cost: sum.cost)
        }.sorted { ($1.cost, $0.pool) < ($0.cost, $1.pool) }
        timeline = Timeline(replay, pools: pools.prefix(Timeline.shownPools).map(\.pool))
    }
}

extension SimulationReport.WaitingTimes {
    fileprivate init(_ waits: [Double]) {
        let percentiles = Percentiles(waits)
        self.init(
            median: percentiles.value(at: 0.5) ?? 0, percentile95: percentiles.value(at: 0.95) ?? 0,
            longest: percentiles.value(at: 1) ?? 0)
    }
}

extension [SimulationReport] {
    /// The reports without repetitions: reports with the same figures become one, under the names of all their policies.
    package var withoutRepetitions: [SimulationReport] {
        reduce(into: []) { merged, report in
            let figures = FigureTable.cells(report).dropFirst()
            if let index = merged.firstIndex(where: { FigureTable.cells($0).dropFirst() == figures }) {
                merged[index].policy += ", \(report.policy)"
            } else {
                merged.append(report)
            }
        }
    }
}
