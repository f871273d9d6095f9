import Domain

/// The least cost of running tasks at given times on whole instances.
///
/// The available capacity of a fleet is the total capacity of the instances that have started their first task and have not
/// ended their last. It is at least the number of running tasks. It rises by the capacity of an instance when that instance
/// starts its first task, and falls by it when the instance ends its last task.
///
/// A fleet pays at least these amounts:
///
/// - at every moment, the price of the cheapest whole instances with exactly the available capacity;
/// - for each rise, the instance during its boot;
/// - for each fall, the instance during its idle timeout.
///
/// Each amount uses the lowest price of all allowed pools of the instance's capacity. The bound is the minimum of the total
/// over all courses of the available capacity. The course of every fleet is one of them, so no fleet costs less.
///
/// The relaxations: instances of the same total capacity can be exchanged for each other, and tasks can move between
/// instances.
struct WholeInstanceBound {
    /// The time in which a task runs, seconds since 1970.
    typealias Run = Range<Double>

    /// The sizes of instances, by capacity, with the price of an instance.
    private let sizes: [(capacity: Int, price: CheapestPrice)]
    private let start: Double
    private let conditions: Scenario.Conditions

    /// The limit of capacities x sizes, which keeps the calculation short. Above thousands of tasks at once, the capacity
    /// that is rounded up to whole instances does not matter.
    private static let largestWork = 20_000

    /// - Parameters:
    ///   - start: the beginning of the run, seconds since 1970.
    ///   - end: the end of the run, seconds since 1970.
    init(for definition: WorkerTypeDefinition, in scenario: Scenario, from start: Double, to end: Double) {
        self.start = start
        conditions = scenario.conditions
        sizes = Set(definition.instanceTypes.map(\.capacity)).sorted().compactMap { capacity in
            let price = CheapestPrice(
                for: definition, in: scenario, from: start, to: end, capacity: capacity)
            return price.changes.isEmpty ? nil : (capacity, price)
        }
    }

    /// Cost of an instance of a capacity during the idle timeout from a time on, US dollars.
    func idleCost(capacity: Int, from time: Double) -> Double {
        sizes.first { $0.capacity == capacity }?.price.cost(from: time, to: time + conditions.idleTimeout)
            ?? 0
    }

    /// The least cost of the tasks, US dollars; nil for more tasks at once than the calculation allows.
    func cost(of runs: [Run]) -> Double? {
        let steps = steps(of: runs)
        var running = 0
        let most = steps.reduce(0) { most, step in
            if case .price = step.change { return most }
            running += step.change == .start ? 1 : -1
            return max(most, running)
        }
        guard most > 0, let largest = sizes.last?.capacity else { return 0 }
        let (limit, isTooLarge) = (most + largest).multipliedReportingOverflow(by: sizes.count)
        guard !isTooLarge, limit <= Self.largestWork else { return nil }
        var courses = CapacityCourses(upTo: most + largest)
        var cover: [Double] = []
        var last = start
        for step in steps {
            if step.time > last {
                courses.keep(for: step.time - last, at: cover)
                last = step.time
            }
            switch step.change {
            case .price: cover = courses.cover(prices(at: step.time))
            case .start: courses.start(boots(before: step.time))
            case .end: courses.end(tails(after: step.time))
            }
        }
        return courses.least
    }

    private enum Change: Int { case price, end, start }

    /// The changes of prices and of the number of running tasks, in order of time. Ends precede starts of the same time, so
    /// that an instance continues without a gap.
    private func steps(of runs: [Run]) -> [(time: Double, change: Change)] {
        var steps = runs.filter { !$0.isEmpty }.flatMap {
            [(time: $0.lowerBound, change: Change.start), ($0.upperBound, .end)]
        }
        steps += Set(sizes.flatMap(\.price.changes)).map { ($0, .price) }
        return steps.sorted { ($0.time, $0.change.rawValue) < ($1.time, $1.change.rawValue) }
    }

    private func prices(at time: Double) -> [InstanceCost] {
        sizes.compactMap { size in
            size.price.price(at: time).map { InstanceCost(capacity: size.capacity, usd: $0) }
        }
    }

    /// Cost of the boot of an instance of each size that starts its first task at a time.
    private func boots(before time: Double) -> [InstanceCost] {
        let launch = max(start, time - conditions.leastTimeToFirstTask)
        return sizes.filter { $0.price.price(at: launch) != nil }.map {
            InstanceCost(capacity: $0.capacity, usd: $0.price.cost(from: launch, to: time))
        }
    }

    /// Cost of the idle timeout of an instance of each size that ends its last task at a time.
    private func tails(after time: Double) -> [InstanceCost] {
        sizes.filter { $0.price.price(at: time) != nil }.map {
            InstanceCost(capacity: $0.capacity, usd: idleCost(capacity: $0.capacity, from: time))
        }
    }
}

/// A cost of one instance: US dollars, or US dollars an hour.
struct InstanceCost {
    let capacity: Int
    let usd: Double
}
