public import FoundationEssentials

/// The back-offs in force at one time, by what they hold.
public struct BackOffs: Sendable {
    private var pools: [Pool: BackOff] = [:]
    private var spot: [String: BackOff] = [:]
    private var onDemand: [String: BackOff] = [:]
    private var workerTypes: [String: BackOff] = [:]

    /// Those of `all` that have not ended at `now`.
    public init(_ all: some Sequence<BackOff>, now: Date) {
        for backOff in all where backOff.until > now { insert(backOff) }
    }

    /// Adds one, or replaces the one that holds the same.
    public mutating func insert(_ backOff: BackOff) {
        switch backOff.subject {
        case .pool(let pool): pools[pool] = backOff
        case .regionSpot(let region): spot[region] = backOff
        case .regionOnDemand(let region): onDemand[region] = backOff
        case .workerType(let name): workerTypes[name] = backOff
        }
    }

    /// When spot capacity of a pool may be asked for again; nil when it may be now.
    public func end(of pool: Pool) -> Date? {
        switch (pools[pool]?.until, spot[pool.region]?.until) {
        case (let pool?, let region?): max(pool, region)
        case (let end, nil), (nil, let end): end
        }
    }

    /// Whether the pool itself is held, for either market.
    public func holds(_ pool: Pool) -> Bool { pools[pool] != nil }

    /// Whether the region's limit for instances on demand was reached.
    public func holdsOnDemand(in region: String) -> Bool { onDemand[region] != nil }

    /// What holds a worker type back, if anything.
    public func hold(ofWorkerType name: String) -> BackOff? { workerTypes[name] }
}
