package import FoundationEssentials

/// The back-offs in force at one time, by what they hold.
package struct Holds: Sendable {
    private var pools: [Pool: Hold] = [:]
    private var onDemandPools: [Pool: Hold] = [:]
    /// By region and zone.
    private var zones: [String: [String: Hold]] = [:]
    private var regions: [String: Hold] = [:]
    private var spot: [String: Hold] = [:]
    private var onDemand: [String: Hold] = [:]
    private var workerTypes: [String: Hold] = [:]

    /// Those of `all` that have not ended at `now`.
    package init(_ all: some Sequence<Hold>, now: Date) {
        for hold in all where hold.until > now { insert(hold) }
    }

    /// Adds one, or replaces the one that holds the same.
    package mutating func insert(_ hold: Hold) {
        switch hold.subject {
        case .pool(let pool): pools[pool] = hold
        case .onDemandPool(let pool): onDemandPools[pool] = hold
        case .zone(let region, let zone): zones[region, default: [:]][zone] = hold
        case .region(let region): regions[region] = hold
        case .regionSpot(let region): spot[region] = hold
        case .regionOnDemand(let region): onDemand[region] = hold
        case .workerType(let name): workerTypes[name] = hold
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
    package func hold(ofWorkerType name: String) -> Hold? { workerTypes[name] }
}
