package import FoundationEssentials

/// The active holds at one time, by subject.
package struct Holds: Sendable {
    private var pools: [Pool: Hold] = [:]
    private var onDemandPools: [Pool: Hold] = [:]
    /// By region and zone.
    private var zones: [String: [String: Hold]] = [:]
    private var regions: [String: Hold] = [:]
    private var spot: [String: Hold] = [:]
    private var onDemand: [String: Hold] = [:]
    private var workerTypes: [String: Hold] = [:]

    /// Creates a value with the holds that have not ended.
    package init(_ all: some Sequence<Hold>, now: Date) {
        for hold in all where hold.until > now { insert(hold) }
    }

    /// Adds a hold, or replaces the hold of the same subject.
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

    /// When the last hold on spot capacity of a pool ends; nil where no hold applies.
    package func blockedUntil(_ pool: Pool) -> Date? {
        [
            pools[pool]?.until, spot[pool.region]?.until, regions[pool.region]?.until,
            zones[pool.region]?[pool.availabilityZone]?.until,
        ].compactMap { $0 }.max()
    }

    /// Whether a hold applies to on-demand capacity of a pool.
    package func isOnDemandBlocked(_ pool: Pool) -> Bool {
        onDemandPools[pool] != nil || zones[pool.region]?[pool.availabilityZone] != nil
            || isOnDemandBlocked(in: pool.region)
    }

    /// Whether a hold applies to on-demand capacity of a whole region.
    package func isOnDemandBlocked(in region: String) -> Bool {
        onDemand[region] != nil || regions[region] != nil
    }

    /// The hold on a worker type; nil where none applies.
    package func hold(ofWorkerType name: String) -> Hold? { workerTypes[name] }
}
