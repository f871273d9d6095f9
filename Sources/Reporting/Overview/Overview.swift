package import Domain
package import FoundationEssentials
package import Storage

/// The state of the deployment as of the last iterations: the data of `status`, the status page and the metrics.
///
/// Reading it needs no encryption key, so that it contains no secret.
package struct Overview: Sendable {
    /// One worker type.
    package struct Line: Sendable {
        /// Its definition, without secrets.
        package let type: WorkerType
        package let hasSecrets: Bool
        /// The latest decision; nil before the first one.
        package let decision: WorkerTypeDecision?
        /// The capacity that the decision counted, and the capacity that was bought after it; nil before the first decision.
        package let tally: CapacityTally?
        package let spend: SpendEstimate

        /// The bounds of its capacity at the latest decision.
        package var bounds: CapacityBounds {
            decision?.schedule?.bounds ?? CapacityBounds(of: type.definition)
        }
    }

    /// When it was read.
    package let now: Date
    /// By name.
    package let lines: [Line]
    /// Worker types whose stored definition cannot be read, by name.
    package let unreadable: [WorkerTypeStore.Unreadable]
    /// Newest first.
    package let iterations: [IterationRecord]
    /// The last iteration that finished.
    package let lastFinished: IterationRecord?
    /// When the last successful iteration finished.
    package let lastSuccess: Date?
    /// Calls that failed in the last iteration.
    package let failures: [CallFailure]
    /// Those in force.
    package let holds: [Hold]
    /// The pauses in force.
    package let pauses: [Pause]
    /// The limits over all worker types, with what counted against them at the end of the last iteration.
    package let limits: [LimitUse]
    /// The quotas of the account that the deployment used at the end of the last iteration.
    package let quotas: [QuotaUse]
    package let notifications: NotificationOverview
    /// The last known state of each region, by name.
    package let regions: [RegionState]
    /// The last known spot price of each pool for each platform in use.
    package let prices: [PricedPool: Price]
    /// When each region's prices were fetched.
    package let pricesFetched: [String: Date]
    /// Pools that have instances now, with their platforms.
    package let poolsInUse: Set<PricedPool>
    package let counters: [CounterStore.Counter]
    /// The capacity of all worker types together over the window, oldest first.
    package let capacities: [CapacityPoint]

    /// Reads the overview from one state of the database.
    ///
    /// - Parameters:
    ///   - workerType: the only worker type to show; nil for all.
    ///   - iterations: the number of latest iterations to show.
    ///   - window: the length of the history. Seconds.
    package init(
        _ database: ProvisionerDatabase, workerType: String? = nil, iterations: Int = 5,
        window: TimeInterval = 0, now: Date
    ) throws {
        self = try database.snapshot {
            try Self(
                reading: database, workerType: workerType, iterations: iterations, window: window, now: now)
        }
    }

    private init(
        reading database: ProvisionerDatabase, workerType: String?, iterations count: Int,
        window: TimeInterval, now: Date
    ) throws {
        self.now = now
        let latest =
            try workerType.map { [try database.iterations.explanation(of: $0)?.decision].compactMap(\.self) }
            ?? database.iterations.summaries()
        let decisions = Dictionary(
            latest.map { ($0.workerType, $0) }, uniquingKeysWith: { first, _ in first })
        let open = try database.launches.open()
        let launches = Dictionary(grouping: open, by: \.workerType)
        let prices = Dictionary(
            try database.prices.all().map { (PricedPool($0.pool, $0.platform), $0.price) },
            uniquingKeysWith: max)
        let stored = try database.workerTypes.withoutSecrets(workerType)
        let states = try database.regions.all().values.sorted { $0.region < $1.region }
        let instances = Dictionary(
            states.lazy.flatMap(\.instances).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let onDemand = try database.costs.onDemandPrices(
            of: open.lazy.filter {
                ($0.instanceId.flatMap { instances[$0]?.lifecycle } ?? $0.market) == .onDemand
            }.map { OnDemandPrices.Key($0.pool, $0.platform) })
        let interrupted = Set(
            try database.notices.since(now.addingTimeInterval(-InstanceBilling.freeInterruptionAge)).lazy
                .filter { $0.kind == .interruption }.map(\.instanceId))
        let last = try database.iterations.lastFinished()
        let bought = last?.boughtCapacity ?? [:]
        unreadable = stored.unreadable
        lines = stored.types.map { stored in
            let name = stored.type.name
            return Line(
                type: stored.type, hasSecrets: stored.hasSecrets, decision: decisions[name],
                tally: decisions[name]?.tally.adding(bought: bought[name] ?? 0),
                spend: SpendEstimate(
                    launches: launches[name] ?? [], instances: instances, interrupted: interrupted,
                    prices: prices, onDemand: onDemand, now: now))
        }
        iterations = try database.iterations.latest(count)
        lastFinished = last
        lastSuccess = try [IterationOutcome.success, .degraded].compactMap {
            try database.iterations.lastFinished(outcome: $0)?.finishedAt
        }.max()
        failures = try database.regions.failures()
        holds = try database.holds.all().filter { $0.until > now }
        pauses = try database.pauses.active(at: now)
        let summary = last?.summary
        limits = summary?.limits ?? []
        quotas = summary?.quotas ?? []
        notifications = try NotificationOverview(database, now: now)
        regions = states
        self.prices = prices
        pricesFetched = try database.prices.fetches().mapValues(\.fetchedAt)
        poolsInUse = Set(
            open.lazy.filter { $0.state == .visible && $0.instanceId != nil }
                .map { PricedPool($0.pool, $0.platform) })
        counters = try database.counters.all()
        capacities =
            window > 0
            ? try database.history.capacities(
                of: HistoryStore.all, since: now.addingTimeInterval(-window)) : []
    }

    /// The spend of all worker types shown.
    package var spend: SpendEstimate { lines.reduce(SpendEstimate()) { $0.adding($1.spend) } }

    /// The calls of the latest of the iterations shown; nil where none of them counted calls.
    package var calls: CallSummary? {
        iterations.lazy.filter { !$0.dryRun }.compactMap(CallSummary.init).first
    }

    /// The conditions that the last finished iteration of those shown reported.
    package var warnings: [String] {
        iterations.lazy.filter { !$0.dryRun && $0.finishedAt != nil }.compactMap(\.summary).first?.warnings
            ?? []
    }

    /// The regions that could not be read in the last iteration.
    package var failingRegions: [String] {
        failures.filter { $0.subject.kind == .region }.map(\.subject.name)
    }
}
