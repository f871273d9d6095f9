package import Domain
package import FoundationEssentials
package import Storage

/// One worker type with all that is known of it.
package struct WorkerTypeDetail: Sendable {
    package let now: Date
    package let line: Overview.Line
    /// The explanation of the latest decision, line by line; empty before the first one.
    package let explanation: [String]
    /// The instances that are not terminated, newest first.
    package let instances: [InstanceWithLaunch]
    /// How long an instance counts as booting after its check-in. Seconds.
    package let claimGrace: TimeInterval
    /// Spot requests that are not fulfilled.
    package let requests: [SpotRequest]
    /// Launches that EC2 does not show yet.
    package let unseen: [Launch]
    /// The latest, newest first.
    package let launches: [Launch]
    /// Those in force that hold it, its regions or its pools.
    package let holds: [Hold]
    /// The pauses of it, its regions and its instance types.
    package let pauses: [Pause]
    /// Its terminations under way, and the notices about its instances.
    package let endings: TerminationOverview
    /// When each of its regions was read.
    package let regionsRead: [String: Date]
    /// Its pools with their prices, the cheapest for each unit of capacity first.
    package let pools: [PoolPrices]
    /// How many pools it has, those that are not shown included.
    package let poolCount: Int
    /// When the history begins.
    package let since: Date
    package let capacities: [CapacityPoint]

    /// Reads the worker type from one state of the database.
    ///
    /// - Parameters:
    ///   - window: the length of the history. Seconds.
    ///   - pools: the number of cheapest pools to show, beside the pools with instances.
    /// - Returns: nil when there is no worker type of this name.
    package init?(
        _ name: String, in database: ProvisionerDatabase, ownership: Ownership, rules: ProvisioningRules,
        window: TimeInterval, pools: Int = 6, now: Date
    ) throws {
        let detail = try database.snapshot {
            try Self(
                reading: name, in: database, ownership: ownership, rules: rules, window: window, pools: pools,
                now: now)
        }
        guard let detail else { return nil }
        self = detail
    }

    private init?(
        reading name: String, in database: ProvisionerDatabase, ownership: Ownership,
        rules: ProvisioningRules, window: TimeInterval, pools most: Int, now: Date
    ) throws {
        let overview = try Overview(database, workerType: name, iterations: 0, now: now)
        guard let line = overview.lines.first else { return nil }
        self.now = now
        self.line = line
        claimGrace = rules.claimGrace
        let type = line.type
        let images = try database.images.all()
        let subnets = SubnetExplanation(
            type, regions: overview.regions, holds: Holds(overview.holds, now: now), rules: rules)
        let platforms = PlatformExplanation(type, catalog: images, rules: rules)
        explanation =
            try database.iterations.explanation(of: name).map {
                Explanation(
                    type: type, iteration: $0.iteration, decision: $0.decision, platforms: platforms,
                    subnets: subnets
                ).lines
            } ?? []

        let stored = try StoredFleet(database, ownership: ownership, regions: overview.regions)
        instances = stored.instances(of: name).sorted {
            ($0.instance.launchTime, $0.instance.id) > ($1.instance.launchTime, $1.instance.id)
        }
        requests = stored.requests(of: name)
        unseen = stored.unseen(of: name)
        launches = try database.launches.latest(25, of: name)
        endings = try TerminationOverview(database, workerType: name, now: now)

        let allowed = PoolPrices.allowed(
            for: type, prices: overview.prices,
            platforms: PoolPlatforms(of: type, catalog: images, rules: rules), rules: rules)
        let pools = Set(allowed.map(\.pool))
        let regions = Set(type.definition.regions.map(\.region))
        holds = overview.holds.filter { hold in
            if let other = hold.subject.workerType { return other == name }
            guard let region = hold.subject.region else { return true }
            guard let instanceType = hold.subject.instanceType else { return regions.contains(region) }
            return pools.contains {
                $0.region == region && $0.instanceType == instanceType
                    && (hold.subject.zone ?? $0.availabilityZone) == $0.availabilityZone
            }
        }
        pauses = overview.pauses.filter { $0.subject.concerns(type) }
        regionsRead = Dictionary(
            overview.regions.filter { regions.contains($0.region) }.map { ($0.region, $0.fetchedAt) },
            uniquingKeysWith: { first, _ in first })

        let earliest = now.addingTimeInterval(-window)
        capacities = try database.history.capacities(of: name, since: earliest)
        let begin = max(earliest, capacities.first?.at ?? earliest)
        since = begin
        poolCount = allowed.count
        let used = instances.map(\.instance.pool)
        let inUse = Set(used)
        self.pools = try allowed.enumerated().filter { $0.offset < most || inUse.contains($0.element.pool) }
            .prefix(2 * most).map { _, prices in
                var prices = prices
                prices.instances = used.count { $0 == prices.pool }
                prices.history = try database.history.prices(
                    of: prices.pool, for: prices.platform, since: begin)
                return prices
            }
    }
}
