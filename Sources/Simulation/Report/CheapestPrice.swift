import Domain

/// The lowest price over the allowed pools of a worker type, over time. It requires hindsight, and instances that move
/// between pools, so no policy attains it.
struct CheapestPrice {
    private let series: PriceHistory.Series
    /// The lowest price at or after each change.
    private let leastAfter: [Double]

    /// - Parameters:
    ///   - start: the beginning of the run, seconds since 1970.
    ///   - end: the end of the run, seconds since 1970.
    ///   - capacity: selects the pools whose instances have this capacity, at the price of an instance; nil selects all
    ///     pools, at the price of one unit of capacity.
    init(
        for definition: WorkerTypeDefinition, in scenario: Scenario, from start: Double, to end: Double,
        capacity: Int? = nil
    ) {
        let allowed = AllowedPools(of: definition)
        var changes: [(time: Double, pool: Int, usd: Double)] = []
        var current: [Double] = []
        for series in scenario.prices.series {
            guard let type = allowed.configuration(of: series.pool),
                capacity == nil || capacity == type.capacity
            else { continue }
            let units = capacity == nil ? Double(type.capacity) : 1
            let pool = current.count
            let onDemand =
                definition.canUseOndemand
                ? scenario.onDemand?[series.pool, .linux]?.usd : nil
            func compared(_ usd: Double) -> Double { min(usd, onDemand ?? .infinity) / units }
            let first = series.index(at: start)
            current.append(first.map { compared(series.usd[$0]) } ?? (onDemand ?? .infinity) / units)
            for index in series.times.indices
            where series.times[index] > start && series.times[index] <= end {
                changes.append((series.times[index], pool, compared(series.usd[index])))
            }
        }
        changes.sort { ($0.time, $0.pool) < ($1.time, $1.pool) }
        var times: [Double] = []
        var usd: [Double] = []
        func note(_ time: Double) {
            // Before a pool is offered no instance runs, and there is no price.
            guard let least = current.min(), least.isFinite, least != usd.last else { return }
            times.append(time)
            usd.append(least)
        }
        note(start)
        for (index, change) in changes.enumerated() {
            current[change.pool] = change.usd
            if index + 1 < changes.count, changes[index + 1].time == change.time { continue }
            note(change.time)
        }
        series = PriceHistory.Series(
            pool: Pool(region: "", availabilityZone: "", instanceType: ""), times: times, usd: usd)
        var leastAfter = usd
        for index in usd.indices.dropLast().reversed() {
            leastAfter[index] = min(usd[index], leastAfter[index + 1])
        }
        self.leastAfter = leastAfter
    }

    /// Times at which the price changes, the time of the first offer included. Seconds since 1970, ascending.
    var changes: [Double] { series.times }

    /// US dollars an hour; nil before the first pool is offered.
    func price(at time: Double) -> Double? { series.price(at: time) }

    /// Cost between two times, US dollars.
    func cost(from start: Double, to end: Double) -> Double {
        end > start ? series.cost(from: start, to: end) : 0
    }

    /// The lowest price at or after a time, US dollars an hour; zero without a pool.
    func least(after time: Double) -> Double {
        leastAfter.isEmpty ? 0 : leastAfter[series.index(at: time) ?? 0]
    }

    /// The maximum over time, US dollars an hour.
    var highest: Double { series.usd.max() ?? 0 }
}
