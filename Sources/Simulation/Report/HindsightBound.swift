import Domain

/// What a run would have cost at least, computed when all prices and all tasks are known.
///
/// Two bounds and a comparison, from the strictest to the closest:
///
/// - `work`: each task's duration at the least price that any allowed pool has at any time from its arrival on. No
///   policy of any kind can pay less, however long it lets tasks wait. It leaves out booting, idling, and everything
///   else.
/// - `bound`: the least that running the tasks when they ran can cost, if capacity is held in single units, each unit
///   at every moment at the least price of any allowed pool, and launched and let go with perfect foresight. It
///   keeps what no choice of pools can avoid: a worker boots before it works, and idles for the idle timeout before it
///   shuts down. It leaves out that an instance cannot move between pools as prices change, that large instances
///   are lent out whole, that what is launched for a task may come too late for it, the minimum of a minute, and work
///   that interruptions lost. Where instances all have capacity 1 and are neither refused nor interrupted, when tasks
///   run does not depend on the pools, and so this is one bound for all policies.
/// - `sameFleet`: what the instances of this run would have cost, from their launch to their end, each in the pool that
///   turned out cheapest for its capacity over that time. What a policy pays more is what its purchases can be blamed
///   for.
///
/// How `bound` is found: the number of units in use at each moment is cut into levels; level k is busy while at least k
/// tasks run. A gap of a level costs the lesser of holding the unit through it, and of one idle timeout and one boot.
/// Whoever covers the tasks covers every level, and launches and lets go at least as often as the levels do, so the sum
/// of the cheapest ways to cover each level is no more than any cost.
struct HindsightBound {
    private(set) var work = 0.0
    private(set) var bound = 0.0
    private(set) var sameFleet = 0.0

    init(_ replay: Replay) {
        let scenario = replay.scenario
        var tasks: [[ReplayFleet.Task]] = replay.workerTypes.map { _ in [] }
        for task in replay.fleet.tasks where task.isDone { tasks[task.workerType].append(task) }
        var prices: [CheapestPrice] = []
        for (type, tasks) in zip(replay.workerTypes, tasks) {
            let price = CheapestPrice(
                for: type.definition, in: scenario, from: scenario.start,
                to: scenario.start + replay.end)
            prices.append(price)
            for task in tasks {
                work += task.duration / 3600 * price.least(after: scenario.start + task.arrival)
            }
            bound += Self.levels(tasks, price, scenario)
        }
        // An instance that is interrupted does not idle before it goes.
        let spared = Double(replay.fleet.interruptedCapacity) * scenario.conditions.idleTimeout / 3600
        bound = max(work, bound - spared * (prices.map(\.highest).max() ?? 0))
        sameFleet = Self.repurchase(replay)
    }

    private static func levels(
        _ tasks: [ReplayFleet.Task], _ price: CheapestPrice, _ scenario: Scenario
    ) -> Double {
        let boot = scenario.conditions.boot.lowerBound
        let idle = scenario.conditions.idleTimeout
        func booting(before time: Double) -> Double {
            price.cost(from: max(scenario.start, time - boot), to: time)
        }
        var cost = 0.0
        var steps: [(time: Double, isStart: Bool)] = []
        for task in tasks {
            guard let begin = task.startedAt else { continue }
            let start = scenario.start + begin
            cost += price.cost(from: start, to: start + task.duration)
            steps.append((start, true))
            steps.append((start + task.duration, false))
        }
        // At the same moment ends come first: the level goes on without a gap.
        steps.sort { ($0.time, $0.isStart ? 1 : 0) < ($1.time, $1.isStart ? 1 : 0) }
        // When each idle level became idle; the lowest, which is the last one, is busy again first.
        var idleSince: [Double] = []
        for step in steps {
            if !step.isStart {
                idleSince.append(step.time)
            } else if let since = idleSince.popLast() {
                let holding = price.cost(from: since, to: step.time)
                let renewing = price.cost(from: since, to: since + idle) + booting(before: step.time)
                cost += min(holding, renewing)
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
            return series.indices.compactMap { place in
                allowed.configuration(of: series[place].pool).map {
                    (place: place, capacity: Double($0.capacity))
                }
            }
        }
        var sum = 0.0
        for instance in replay.fleet.instances {
            let start = replay.scenario.start + instance.launchedAt
            let end = replay.scenario.start + replay.billedUntil(instance)
            var least = replay.cost(of: instance)
            for pool in pools[instance.workerType] where series[pool.place].index(at: start) != nil {
                let each = series[pool.place].cost(from: start, to: end) / pool.capacity
                least = min(least, each * Double(instance.capacity))
            }
            sum += least
        }
        return sum
    }
}

extension Replay {
    /// Seconds from the beginning: EC2 bills by the second, and at least a minute.
    func billedUntil(_ instance: ReplayFleet.Instance) -> Double {
        max(instance.endedAt ?? end, instance.launchedAt + 60)
    }

    /// US dollars.
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
