import Algorithms
package import FoundationEssentials

/// The capacity of each worker type, from the resources that EC2 shows and the launches that it does not show yet.
package struct FleetTally: Sendable {
    private var tallies: [String: CapacityTally] = [:]
    private var pools: [String: [Pool: Int]] = [:]
    /// The instances that run, boot or are requested, or that EC2 may have launched for a cancelled request, by kind.
    package private(set) var instances: [InstanceKind: Int] = [:]

    /// What the price of an instance depends on.
    package struct InstanceKind: Hashable, Sendable {
        /// Nil where the zone is unknown.
        package let pool: Pool?
        package let market: Market
        package let platform: ImagePlatform

        package init(pool: Pool?, market: Market, platform: ImagePlatform) {
            self.pool = pool
            self.market = market
            self.platform = platform
        }
    }

    /// The capacity of all worker types, with that of cancelled requests that EC2 may have fulfilled.
    package var total: Int { tallies.values.reduce(0) { $0 + $1.total + $1.unsettled } }

    /// Creates a tally from precomputed values, by worker type.
    package init(_ tallies: [String: CapacityTally], holdings: [String: [Pool: Int]] = [:]) {
        self.tallies = tallies
        pools = holdings
    }

    /// - Parameters:
    ///   - launches: the reconciled launches that are open or shown by EC2, by id.
    ///   - gone: ids of instances and requests that were just terminated or cancelled, and of instances with an
    ///     interruption notice.
    ///   - claimGrace: how long an instance counts as booting after its check-in. Seconds.
    package init(
        _ fleet: Fleet, launches: [String: Launch], workerTypes: [WorkerType], gone: Set<String>,
        claimGrace: TimeInterval, now: Date
    ) {
        let allowed = workerTypes.keyed(by: \.name).mapValues { AllowedPools(of: $0.definition) }
        func capacity(_ workerType: String, _ instanceType: String, _ launch: Launch?) -> Int {
            let launched = launch?.capacity
            return allowed[workerType]?.capacity(ofInstanceType: instanceType, launched: launched) ?? launched
                ?? 1
        }
        var shown: Set<String> = []
        var shownInstances: Set<String> = []
        for item in fleet.instances {
            shownInstances.insert(item.instance.id)
            if let id = item.launchId { shown.insert(id) }
            guard !gone.contains(item.instance.id) else { continue }
            let launch = item.launchId.flatMap { launches[$0] }
            let size = capacity(item.workerType, item.instance.pool.instanceType, launch)
            if item.instance.state == .pending || item.instance.state == .running {
                pools[item.workerType, default: [:]][item.instance.pool, default: 0] += size
                let instance = InstanceWithLaunch(
                    instance: item.instance, workerType: item.workerType, launch: launch)
                count(item.instance.pool, instance.market, launch)
            }
            switch item.instance.state {
            case .pending:
                tallies[item.workerType, default: CapacityTally()].booting += size
            case .running:
                if let launch, launch.isBooting(claimGrace: claimGrace, now: now) {
                    tallies[item.workerType, default: CapacityTally()].booting += size
                    if launch.checkedInAt != nil {
                        tallies[item.workerType, default: CapacityTally()].claiming += size
                    }
                } else {
                    tallies[item.workerType, default: CapacityTally()].running += size
                }
            case .shuttingDown, .terminated, .stopping, .stopped:
                break
            }
        }
        for item in fleet.requests {
            let launch = item.launchId.flatMap { launches[$0] }
            let pool = item.request.availabilityZone.map {
                Pool(
                    region: item.request.region, availabilityZone: $0,
                    instanceType: item.request.instanceType)
            }
            let fulfilledUnseen =
                item.request.state == .active
                && item.request.instanceId.map { !shownInstances.contains($0) } ?? true
            if gone.contains(item.request.id) {
                let isNew = item.launchId.map { shown.insert($0).inserted } ?? true
                if isNew, item.request.state == .open || fulfilledUnseen {
                    tallies[item.workerType, default: CapacityTally()].unsettled +=
                        capacity(item.workerType, item.request.instanceType, launch)
                    count(pool, .spot, launch)
                }
            } else if item.request.state == .open || fulfilledUnseen {
                // A final launch means that the instance of the request has ended.
                if launch?.state.isFinal == true { continue }
                if let id = item.launchId, !shown.insert(id).inserted { continue }
                let size = capacity(item.workerType, item.request.instanceType, launch)
                tallies[item.workerType, default: CapacityTally()].requested += size
                if let pool { pools[item.workerType, default: [:]][pool, default: 0] += size }
                count(pool, .spot, launch)
            } else if let id = item.launchId, item.request.instanceId == nil {
                // A request that ended with an instance may have been cancelled while EC2 fulfilled it: its launch
                // counts until EC2 shows the instance.
                shown.insert(id)
            }
        }
        for (id, launch) in launches where !launch.state.isFinal && !shown.contains(id) {
            if let instance = launch.instanceId, shownInstances.contains(instance) || gone.contains(instance)
            {
                continue
            }
            tallies[launch.workerType, default: CapacityTally()].requested += launch.capacity
            pools[launch.workerType, default: [:]][launch.pool, default: 0] += launch.capacity
            count(launch.pool, launch.market, launch)
        }
    }

    /// Counts one instance.
    private mutating func count(_ pool: Pool?, _ market: Market, _ launch: Launch?) {
        let kind = InstanceKind(
            pool: pool ?? launch?.pool, market: market, platform: launch?.platform ?? .linux)
        instances[kind, default: 0] += 1
    }

    /// The capacity of a worker type by pool, where the pool is known.
    package func holdings(of workerType: String) -> [Pool: Int] { pools[workerType] ?? [:] }

    package subscript(workerType: String) -> CapacityTally { tallies[workerType] ?? CapacityTally() }
}
