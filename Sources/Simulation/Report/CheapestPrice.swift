import Domain

/// The lowest price of one unit of capacity over all allowed pools of a worker type, over time. It requires hindsight, and
/// instances that move between pools, so no policy attains it.
struct CheapestPrice {
    private let series: PriceHistory.Series
    /// The lowest price at or after each change.
    private let leastAfter: [Double]

    /// - Parameters:
    ///   - start: the beginning of the run, seconds since 1970.
    ///   - end: the end of the run, seconds since 1970.
    init(for definition: WorkerTypeDefinition, in scenario: Scenario, from start: Double, to end: Double) {
        let allowed = AllowedPools(of: definition)
        var changes: [(time: Double, pool: Int, usd: Double)] = []
        var current: [Double] = []
        for series in scenario.prices.series {
            guard let type = allowed.configuration(of: series.pool) else { continue }
            let capacity = Double(type.capacity)
            let pool = current.count
            let onDemand =
                definition.canUseOndemand
                ? scenario.onDemand?[series.pool, .linux]?.usd : nil
            func unit(_ usd: Double) -> Double { min(usd, onDemand ?? .infinity) / capacity }
            let first = series.index(at: start)
            current.append(first.map { unit(series.usd[$0]) } ?? (onDemand ?? .infinity) / capacity)
            for index in series.times.indices
            where series.times[index] > start && series.times[index] <= end {
                changes.append((series.times[index], pool, unit(series.usd[index])))
            }
        }
        changes.sort { ($0.time, $0.pool) < ($1.time, $1.pool) }
        var times = [start]
        // Without an offered pool no instance runs: zero keeps the bound low.
        func least() -> Double { current.min().map { $0.isFinite ? $0 : 0 } ?? 0 }
        var usd = [least()]
        for (index, change) in changes.enumerated() {
            current[change.pool] = change.usd
            if index + 1 < changes.count, changes[index + 1].time == change.time { continue }
            let now = least()
            if now != usd.last {
                times.append(change.time)
                usd.append(now)
            }
        }
        series = PriceHistory.Series(
            pool: Pool(region: "", availabilityZone: "", instanceType: ""), times: times, usd: usd)
        var leastAfter = usd
        for index in usd.indices.dropLast().reversed() {
            leastAfter[index] = min(usd[index], leastAfter[index + 1])
        }
        self.leastAfter = leastAfter
    }

    /// Cost of one unit of capacity between two times, US dollars.
    func cost(from start: Double, to end: Double) -> Double {
        end > start ? series.cost(from: start, to: end) : 0
    }

    /// The lowest price at or after a time, US dollars an hour.
    func least(after time: Double) -> Double { leastAfter[series.index(at: time) ?? 0] }

    /// The maximum over time, US dollars an hour.
    var highest: Double { series.usd.max() ?? 0 }
}
