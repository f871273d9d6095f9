import Domain

/// Lower bounds of the cost of a run, computed from all prices and tasks in hindsight.
///
/// Three bounds and a comparison, from the lowest to the closest:
///
/// - `work`: each task's duration at the lowest price of all allowed pools at any time from its arrival on. No policy can
///   pay less for the same tasks, even if they wait for days. Boot and idle time are not included.
/// - `bound`: the lowest cost of running the tasks at the times at which they ran, with single units of capacity, each
///   unit always at the lowest price of all allowed pools, launched and terminated with perfect foresight. Boot time and
///   the idle timeout are included, because no choice of pools avoids them. Not included: instances stay in their pool
///   when prices change, large instances are paid as a whole, instances may boot too late for their task, EC2 bills at
///   least a minute, and interruptions lose work. If all instances have capacity 1, without refusals and interruptions,
///   the times of the tasks do not depend on the pools, and the bound is the same for all policies.
/// - `wholeInstances`: the same on whole instances, as `WholeInstanceBound` computes it. It equals `bound` if all instances
///   have capacity 1.
/// - `sameFleet`: the cost of the instances of this run, from launch to end, each in the pool that was cheapest for its
///   capacity over that time. The difference is the cost of the choice of pools.
///
/// All bounds exclude the tasks that an instance finished before EC2 interrupted it in its first hour: EC2 does not bill
/// them. The billed instances run the other tasks, so that the bounds stay lower bounds of their cost. An instance that was
/// interrupted or terminated later ended without an idle timeout, which is subtracted.
///
/// Computation of `bound`: level k is busy while at least k tasks run. A gap of a level costs the minimum of two amounts:
/// keeping the unit through the gap, and one idle timeout with one boot. Every fleet that runs the tasks covers every
/// level, with at least as many launches and terminations. So the sum of the minimum costs of the levels is a lower
/// bound.
struct HindsightBound {
    private(set) var work = 0.0
    private(set) var bound = 0.0
    private(set) var wholeInstances = 0.0
    private(set) var sameFleet = 0.0

    init(_ replay: Replay) {
        let scenario = replay.scenario
        let instances = replay.fleet.instances
        let (start, end) = (scenario.start, scenario.start + replay.end)
        var runs: [[Run]] = replay.workerTypes.map { _ in [] }
        /// The end of the last task of each instance.
        var lastEnds: [Int: Double] = [:]
        for task in replay.fleet.tasks where task.isDone {
            guard let id = task.instance, let startedAt = task.startedAt, replay.isBilled(instances[id])
            else { continue }
            let begin = start + startedAt
            let run = Run(arrival: start + task.arrival, time: begin..<begin + task.duration)
            runs[task.workerType].append(run)
            lastEnds[id] = max(lastEnds[id] ?? 0, run.time.upperBound)
        }
        var highest = 0.0
        var whole = 0.0
        let sizes = replay.workerTypes.map {
            WholeInstanceBound(for: $0.definition, in: scenario, from: start, to: end)
        }
        for (index, type) in replay.workerTypes.enumerated() {
            let price = CheapestPrice(for: type.definition, in: scenario, from: start, to: end)
            highest = max(highest, price.highest)
            for run in runs[index] { work += run.hours * price.least(after: run.arrival) }
            let levels = Self.levels(runs[index].map(\.time), price, scenario)
            bound += levels
            whole += sizes[index].cost(of: runs[index].map(\.time)) ?? levels
        }
        for (id, instance) in instances.enumerated()
        where instance.ending != .idle && replay.isBilled(instance) {
            let capacity = Double(instance.capacity)
            bound -= capacity * scenario.conditions.idleTimeout / 3600 * highest
            if let lastEnd = lastEnds[id] {
                whole -= sizes[instance.workerType].idleCost(capacity: instance.capacity, from: lastEnd)
            }
        }
        bound = max(work, bound)
        wholeInstances = max(bound, whole)
        sameFleet = Self.repurchase(replay)
    }

    /// The completed run of a task, in seconds since 1970.
    private struct Run {
        let arrival: Double
        let time: Range<Double>

        var hours: Double { (time.upperBound - time.lowerBound) / 3600 }
    }

    private static func levels(
        _ runs: [Range<Double>], _ price: CheapestPrice, _ scenario: Scenario
    ) -> Double {
        let boot = scenario.conditions.leastTimeToFirstTask
        let idle = scenario.conditions.idleTimeout
        func booting(before time: Double) -> Double {
            price.cost(from: max(scenario.start, time - boot), to: time)
        }
        var cost = 0.0
        var steps: [(time: Double, isStart: Bool)] = []
        for run in runs {
            cost += price.cost(from: run.lowerBound, to: run.upperBound)
            steps.append((run.lowerBound, true))
            steps.append((run.upperBound, false))
        }
        // Ends sort before starts of the same time, so that the level continues without a gap.
        steps.sort { ($0.time, $0.isStart ? 1 : 0) < ($1.time, $1.isStart ? 1 : 0) }
        // Start of each gap. The lowest idle level is the last element, and becomes busy first.
        var idleSince: [Double] = []
        for step in steps {
            if !step.isStart {
                idleSince.append(step.time)
            } else if let since = idleSince.popLast() {
                let keeping = price.cost(from: since, to: step.time)
                let renewing = price.cost(from: since, to: since + idle) + booting(before: step.time)
                cost += min(keeping, renewing)
            } else {
                cost += booting(before: step.time)
            }
        }
        return cost + idleSince.reduce(0) { $0 + price.cost(from: $1, to: $1 + idle) }
    }

    private static func repurchase(_ replay: Replay) -> Double {
        let series = replay.scenario.prices.series
        let pools = replay.workerTypes.map { type in
            let allowed = AllowedPools(of: type.definition)
            return series.indices.compactMap { index in
                allowed.configuration(of: series[index].pool).map {
                    (index: index, capacity: Double($0.capacity))
                }
            }
        }
        var sum = 0.0
        for instance in replay.fleet.instances {
            let start = replay.scenario.start + instance.launchedAt
            let end = replay.scenario.start + replay.billedUntil(instance)
            var least = replay.cost(of: instance)
            for pool in pools[instance.workerType] where series[pool.index].index(at: start) != nil {
                let each = series[pool.index].cost(from: start, to: end) / pool.capacity
                least = min(least, each * Double(instance.capacity))
            }
            sum += least
        }
        return sum
    }
}

extension Replay {
    /// End of the life of an instance. Seconds since the beginning.
    func end(of instance: ReplayFleet.Instance) -> Double { instance.endedAt ?? end }

    /// End of the billed time of an instance; its launch if EC2 does not bill it. Seconds since the beginning.
    func billedUntil(_ instance: ReplayFleet.Instance) -> Double {
        instance.launchedAt
            + InstanceBilling.billedTime(
                life: end(of: instance) - instance.launchedAt,
                isInterrupted: instance.ending == .interrupted)
    }

    func isBilled(_ instance: ReplayFleet.Instance) -> Bool { billedUntil(instance) > instance.launchedAt }

    /// Cost of an instance, US dollars.
    func cost(of instance: ReplayFleet.Instance, from: Double = 0, to: Double = .infinity) -> Double {
        let start = max(from, instance.launchedAt)
        let end = min(to, billedUntil(instance))
        guard end > start else { return 0 }
        let series = scenario.prices.series[instance.pool]
        switch instance.market {
        case .spot: return series.cost(from: scenario.start + start, to: scenario.start + end)
        case .onDemand: return (market.onDemandPrice(of: series.pool) ?? 0) * (end - start) / 3600
        }
    }
}
