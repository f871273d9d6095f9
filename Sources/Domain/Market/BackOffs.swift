package import FoundationEssentials

/// The back-offs in force at one time, by what they hold.
package struct BackOffs: Sendable {
    private var pools: [Pool: BackOff] = [:]
    private var onDemandPools: [Pool: BackOff] = [:]
    /// By region and zone.
    private var zones: [String: [String: BackOff]] = [:]
    private var regions: [String: BackOff] = [:]
    private var spot: [String: BackOff] = [:]
    private var onDemand: [String: BackOff] = [:]
    private var workerTypes: [String: BackOff] = [:]

    /// Those of `all` that have not ended at `now`.
    package init(_ all: some Sequence<BackOff>, now: Date) {
        for backOff in all where backOff.until > now { insert(backOff) }
    }

    /// Adds one, or replaces the one that holds the same.
    package mutating func insert(_ backOff: BackOff) {
        switch backOff.subject {
        case .pool(let pool): pools[pool] = backOff
        case .onDemandPool(let pool): onDemandPools[pool] = backOff
        case .zone(let region, let zone): zones[region, default: [:]][zone] = backOff
        case .region(let region): regions[region] = backOff
        case .regionSpot(let region): spot[region] = backOff
        case .regionOnDemand(let region): onDemand[region] = backOff
        case .workerType(let name): workerTypes[name] = backOff
        }
    }

    /// When spot capacity of a pool may be asked for again; nil when it may be now.
    package func end(of pool: Pool) -> Date? {
        [
            pools[pool]?.until, spot[pool.region]?.until, regions[pool.region]?.until,
            zones[pool.region]?[pool.availabilityZone]?.until,
        ].compactMap { $0 }.max()
    }

    /// Whether instances on demand are not asked for in a pool now.
    package func holdsOnDemand(_ pool: Pool) -> Bool {
        onDemandPools[pool] != nil || zones[pool.region]?[pool.availabilityZone] != nil
            || holdsOnDemand(in: pool.region)
    }

    /// Whether a limit that instances on demand meet was reached in the region.
    package func holdsOnDemand(in region: String) -> Bool {
        onDemand[region] != nil || regions[region] != nil
    }

    /// What holds a worker type back, if anything.
    package func hold(ofWorkerType name: String) -> BackOff? { workerTypes[name] }
}
