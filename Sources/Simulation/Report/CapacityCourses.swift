/// The least costs of all courses of the available capacity up to a time: a dynamic program over the capacity.
///
/// The largest capacity stands for itself and all larger ones.
struct CapacityCourses {
    /// The least cost of a course that ends with a capacity, by capacity. US dollars.
    private var costs: [Double]
    /// Number of running tasks: the least available capacity.
    private var running = 0

    init(upTo largest: Int) {
        costs = Array(repeating: .infinity, count: largest + 1)
        costs[0] = 0
    }

    /// The least cost of a course that ends without capacity, US dollars.
    var least: Double { costs[0] }

    private var largest: Int { costs.count - 1 }

    /// The price of the cheapest instances of each total capacity; infinite where no instances have this total.
    ///
    /// - Parameter prices: of the offered sizes, US dollars an hour.
    func cover(_ prices: [InstanceCost]) -> [Double] {
        var cover = Array(repeating: Double.infinity, count: costs.count)
        cover[0] = 0
        Self.add(prices, to: &cover, from: 0)
        return cover
    }

    /// Pays for the available capacity.
    mutating func keep(for seconds: Double, at cover: [Double]) {
        guard cover.count == costs.count else { return }
        let hours = seconds / 3600
        for capacity in running...largest { costs[capacity] += cover[capacity] * hours }
    }

    /// Starts a task, on available capacity or on instances whose first task it is.
    ///
    /// - Parameter boots: the cost of the boot of an instance of each size.
    mutating func start(_ boots: [InstanceCost]) {
        Self.add(boots, to: &costs, from: running)
        costs[running] = .infinity
        running += 1
    }

    /// Ends a task, after which instances may end.
    ///
    /// - Parameter tails: the cost of the idle timeout of an instance of each size.
    mutating func end(_ tails: [InstanceCost]) {
        running = max(0, running - 1)
        for tail in tails {
            // From the largest capacity and all above it, one instance less is at least this much.
            let above = costs[largest] + tail.usd
            for capacity in max(running, largest - tail.capacity)..<largest {
                costs[capacity] = min(costs[capacity], above)
            }
            guard largest - tail.capacity >= running else { continue }
            for capacity in (running...(largest - tail.capacity)).reversed() {
                costs[capacity] = min(costs[capacity], costs[capacity + tail.capacity] + tail.usd)
            }
        }
    }

    /// Lowers the value of each capacity to the least value of a smaller capacity and any instances.
    private static func add(_ instances: [InstanceCost], to values: inout [Double], from least: Int) {
        let largest = values.count - 1
        for instance in instances where instance.capacity > 0 {
            var capacity = least + instance.capacity
            while capacity <= largest {
                values[capacity] = min(values[capacity], values[capacity - instance.capacity] + instance.usd)
                capacity += 1
            }
            for capacity in max(least, largest - instance.capacity)..<largest {
                values[largest] = min(values[largest], values[capacity] + instance.usd)
            }
        }
    }
}
