import Algorithms
package import FoundationEssentials

/// The active holds at one time.
package struct Holds: Sendable {
    /// The holds of all worker types, by region and then by zone; nil for subjects without one.
    private var general: [String?: [String?: [Hold]]] = [:]
    private var ofWorkerTypes: [String: [Hold]] = [:]
    /// The pauses in force. The holds include one for each.
    private let pauses: [Pause]

    /// Creates a value with the holds that have not ended, and the pauses in force.
    package init(_ all: some Sequence<Hold>, pauses: [Pause] = [], now: Date) {
        self.pauses = pauses.filter { $0.isActive(at: now) }
        for hold in all where hold.until > now { insert(hold) }
        for pause in self.pauses { insert(pause.hold) }
    }

    /// The holds with others that follow from the state of an iteration, and are not stored.
    package func adding(_ others: [Hold]) -> Holds {
        var holds = self
        for hold in others { holds.insert(hold) }
        return holds
    }

    /// Whether a pause prevents a launch.
    package func isPaused(_ target: LaunchTarget) -> Bool {
        pauses.contains { $0.subject.launches.covers(target) }
    }

    /// The pauses of a worker type, its regions and its instance types; nil where there are none.
    package func pauses(of type: WorkerType) -> [Pause]? {
        let own = pauses.filter { $0.subject.concerns(type) }
        return own.isEmpty ? nil : own
    }

    private mutating func insert(_ hold: Hold) {
        if let name = hold.subject.workerType {
            ofWorkerTypes[name, default: []].append(hold)
        } else {
            general[hold.subject.region, default: [:]][hold.subject.zone, default: []].append(hold)
        }
    }

    /// The strongest hold on a market of a pool for all worker types; nil where none applies. Holds on subnets are not
    /// included.
    package func hold(on pool: Pool, _ market: Market) -> Hold? {
        guard !general.isEmpty else { return nil }
        let target = LaunchTarget(in: pool, market)
        return candidates(for: pool).filter { $0.subject.subnet == nil && $0.subject.covers(target) }
            .max { $0.isWeaker(than: $1) }
    }

    /// Whether a subnet is held.
    func holdsSubnet(_ id: String, in region: String) -> Bool {
        general[region]?[nil]?.contains { $0.subject.subnet == id } ?? false
    }

    /// The holds that apply to a worker type.
    package func view(of type: WorkerType) -> WorkerTypeHolds {
        let own = ofWorkerTypes[type.name] ?? []
        let fingerprint = own.isEmpty ? "" : type.definition.fingerprint
        return WorkerTypeHolds(
            type, all: self, own: own.filter { $0.definition == nil || $0.definition == fingerprint },
            bySubnet: general.values.contains { $0[nil]?.contains { $0.subject.subnet != nil } ?? false })
    }

    /// The holds of all worker types that may cover a pool.
    fileprivate func candidates(for pool: Pool) -> some Sequence<Hold> {
        let ofRegion = general[pool.region]
        return chain(
            general[nil]?[nil] ?? [],
            chain(ofRegion?[nil] ?? [], ofRegion?[pool.availabilityZone] ?? []))
    }
}

/// The active holds that apply to one worker type.
package struct WorkerTypeHolds: Sendable {
    private let workerType: String
    private let definition: WorkerTypeDefinition
    private let all: Holds
    /// The holds of this worker type alone.
    private var own: [Hold]
    /// Whether a subnet is held.
    private let bySubnet: Bool

    fileprivate init(_ type: WorkerType, all: Holds, own: [Hold], bySubnet: Bool) {
        workerType = type.name
        definition = type.definition
        self.all = all
        self.own = own
        self.bySubnet = bySubnet
    }

    /// The hold on the whole worker type; nil where none applies.
    package var whole: Hold? {
        own.filter { $0.subject.coversAll(ofWorkerType: workerType) }.max { $0.until < $1.until }
    }

    /// Adds holds that follow from the state of the worker type, and are not stored.
    package mutating func add(_ holds: [Hold]) { own += holds }

    /// The strongest hold on a market of a pool; nil where none applies.
    ///
    /// - Parameter bidPrice: the bid for the pool.
    package func hold(on pool: Pool, _ market: Market, bidPrice: Price? = nil) -> Hold? {
        let general = bySubnet ? nil : all.hold(on: pool, market)
        guard bySubnet || !own.isEmpty else { return general }
        let target = LaunchTarget(
            workerType: workerType, market: market, pool: pool,
            subnet: bySubnet ? definition.subnet(of: pool) : nil)
        func applies(_ hold: Hold) -> Bool {
            if let held = hold.bidPrice, let bidPrice, bidPrice > held { return false }
            return hold.subject.covers(target)
        }
        let others =
            bySubnet ? Array(all.candidates(for: pool).filter(applies)) : [general].compactMap(\.self)
        return (own.filter(applies) + others).max { $0.isWeaker(than: $1) }
    }

    /// Whether the worker type has holds of its own, or by subnet, that `Holds.hold(on:_:)` does not include.
    var refinesGeneral: Bool { bySubnet || !own.isEmpty }
}
