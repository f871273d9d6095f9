import Domain
import FoundationEssentials

/// A run as time series with a fixed number of steps, for plots.
struct Timeline: Sendable {
    static let shownPools = 6
    private static let points = 240

    let begin: Date
    /// Right ends of the steps, seconds since the beginning.
    let times: [Double]
    /// Maximum of each step, so that the plots show all peaks.
    let pending: [Double]
    let running: [Double]
    /// Running and booting capacity.
    let capacity: [Double]
    /// US dollars up to each time.
    let cost: [Double]
    /// US dollars an hour at the beginning of each step; nil while the pool was not offered.
    let prices: [(pool: Pool, usd: [Double?])]

    init(_ replay: Replay, pools: [Pool]) {
        let end = max(replay.end, 1)
        let width = end / Double(Self.points)
        let times = (1...Self.points).map { Double($0) * width }
        var pending = Array(repeating: 0.0, count: Self.points)
        var running = pending
        var capacity = pending
        func step(_ time: Double) -> Int { min(Self.points - 1, max(0, Int(time / width))) }
        var filled = 0
        for sample in replay.samples {
            let place = step(sample.time)
            // A step without an iteration repeats the previous one.
            while filled < place {
                filled += 1
                if filled < place {
                    pending[filled] = pending[filled - 1]
                    running[filled] = running[filled - 1]
                    capacity[filled] = capacity[filled - 1]
                }
            }
            pending[place] = max(pending[place], Double(sample.pending))
            running[place] = max(running[place], Double(sample.running))
            capacity[place] = max(capacity[place], Double(sample.running + sample.booting))
        }
        var cost = Array(repeating: 0.0, count: Self.points)
        for instance in replay.fleet.instances {
            let last = step(replay.billedUntil(instance))
            for place in step(instance.launchedAt)...last {
                cost[place] += replay.cost(
                    of: instance, from: Double(place) * width,
                    to: place == Self.points - 1 ? .infinity : Double(place + 1) * width)
            }
        }
        for place in cost.indices.dropFirst() { cost[place] += cost[place - 1] }
        let shown = Set(pools)
        prices = replay.scenario.prices.series.filter { shown.contains($0.pool) }.map { series in
            (series.pool, times.map { series.price(at: replay.scenario.start + $0 - width) })
        }
        begin = Date(timeIntervalSince1970: replay.scenario.start)
        self.times = times
        self.pending = pending
        self.running = running
        self.capacity = capacity
        self.cost = cost
    }
}

extension Timeline {
    /// Seconds.
    var length: Double { times.last ?? 0 }
}
