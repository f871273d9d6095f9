import Domain
public import FoundationEssentials
public import HTTPTransport
public import Logging
public import Storage

/// One iteration: load, fetch, reconcile, retire, decide, submit, record.
///
/// Cancelling the task that runs it, as SIGTERM does, stops it early: nothing new is submitted, and what was is
/// recorded. The caller holds the `IterationLock`.
public struct ProvisioningIteration: Sendable {
    let database: ProvisionerDatabase
    let deployment: Deployment
    let ec2: any EC2Service
    let queue: any TaskQueue
    /// Nil where there is no queue of EC2's notices.
    let interruptions: (any InterruptionSource)?
    /// What was asked of the services so far.
    let calls: @Sendable () -> CallCounts
    /// Nothing is submitted after it.
    let deadline: Date
    let dryRun: Bool
    /// Launches that are under way in one region at the same time.
    let launchesAtOnce: Int
    let clock: @Sendable () -> Date
    let random: @Sendable (Int) throws -> [UInt8]
    let log: Logger

    /// - Parameters:
    ///   - interruptions: the queue of EC2's notices, if there is one.
    ///   - calls: what was asked of the services so far.
    ///   - launchesAtOnce: in each region; EC2 refills two launches a second. With one the order is certain.
    ///   - clock: the time now.
    ///   - random: gives that many random bytes.
    public init(
        database: ProvisionerDatabase, deployment: Deployment, ec2: any EC2Service, queue: any TaskQueue,
        interruptions: (any InterruptionSource)? = nil,
        calls: @escaping @Sendable () -> CallCounts = { CallCounts() }, deadline: Date, dryRun: Bool = false,
        launchesAtOnce: Int = 4, clock: @escaping @Sendable () -> Date,
        random: @escaping @Sendable (Int) throws -> [UInt8], log: Logger
    ) {
        self.database = database
        self.deployment = deployment
        self.ec2 = ec2
        self.queue = queue
        self.interruptions = interruptions
        self.calls = calls
        self.deadline = deadline
        self.dryRun = dryRun
        self.launchesAtOnce = launchesAtOnce
        self.clock = clock
        self.random = random
        self.log = log
    }

    /// Runs all steps. Failures of EC2 and the Queue are in the report; what is thrown is our own: the database,
    /// or a bug. It is recorded as far as that can be done.
    public func run() async throws -> IterationReport {
        let now = clock()
        var report = IterationReport(
            id: try database.iterations.begin(dryRun: dryRun, now: now), startedAt: now, dryRun: dryRun)
        do {
            try await carryOut(&report, now: now)
        } catch {
            try? database.iterations.finish(
                report.id, outcome: IterationReport.Outcome.failed.rawValue,
                summary: JSONValue.object(["error": .string("\(error)")]), now: clock())
            throw error
        }
        return report
    }

    private func carryOut(_ report: inout IterationReport, now: Date) async throws {
        let (workerTypes, skipped) = try loadWorkerTypes()
        report.failures += skipped.map(\.call)
        let open = try database.launches.open()

        let snapshot = try await Fetching(
            database: database, deployment: deployment, ec2: ec2, queue: queue,
            interruptions: dryRun
                ? nil : interruptions.map { InterruptionDrain(database: database, source: $0, now: now) },
            now: now
        ).snapshot(workerTypes: workerTypes, openLaunches: open)
        report.failures += snapshot.failures
        report.nobodyAnswered = snapshot.nobodyAnswered
        report.note(snapshot.drained)
        if !dryRun { try database.regions.save(snapshot.fresh) }

        var backOffs = try BackOffLedger(database, rules: deployment.rules, now: now)
        let reconciled = try await Reconciling(
            iteration: self, snapshot: snapshot, workerTypes: workerTypes
        ).carryOut(open: open, now: now, backOffs: &backOffs)
        report.failures += reconciled.failures
        report.bids += reconciled.repeated

        let gone = try await retire(
            snapshot, present: Set(workerTypes.map(\.name) + skipped.map(\.name)), reconciled.launches,
            now: now, &backOffs, &report)

        let inForce = backOffs.inForce
        let market = WorkerTypeDecision.MarketView(
            book: PriceBook(snapshot.prices, zones: snapshot.zones, backOffs: inForce), backOffs: inForce,
            zones: snapshot.zones, interruptions: try interruptionRecord(workerTypes, now: now))
        let plan = try Plan(
            Plan.Basis(
                workerTypes: workerTypes, pendingTasks: snapshot.pendingTasks,
                fleet: Fleet(
                    snapshot.fresh + snapshot.stale, ownership: deployment.ownership,
                    launches: reconciled.launches),
                launches: reconciled.launches, gone: gone.union(try goingAway(now: now)), market: market,
                readRegions: Set(snapshot.fresh.map(\.region))),
            rules: deployment.rules, now: now
        ) { type in try database.launches.bootRecord(of: type.name, now: now) }
        report.decisions = plan.decisions

        let surplus = await Retiring(ec2: ec2, dryRun: dryRun).carryOut(
            terminations: [], cancellations: plan.cancellations)

        report.cancelled += surplus.cancelled
        report.failures += surplus.failures

        if dryRun {
            report.bids += plan.bids.map { BidResult($0, .planned) }
        } else {
            var submission = Submission(
                self, id: report.id, workerTypes: workerTypes, decisions: plan.decisions, market: market,
                prices: snapshot.prices, backOffs: backOffs)
            try await submission.carryOut(plan.bids)
            report.bids += submission.results
            report.add(submission.problems)
        }
        report.noteUnansweredLaunches()
        report.stoppedEarly = Task.isCancelled || clock() >= deadline
        report.calls = calls()
        try finish(&report, now: clock())
    }

    /// Ids of instances that EC2 said it takes back: they run for a moment more, and are not to be counted on.
    private func goingAway(now: Date) throws -> Set<String> {
        let recent = now.addingTimeInterval(-deployment.rules.interruptionNoticeLife)
        return Set(
            try database.notices.since(recent)
                .filter { $0.meansGoingAway(now: now, rules: deployment.rules) }.map(\.instanceId))
    }

    /// What this deployment has seen of interruptions; read only where a strategy weighs it.
    private func interruptionRecord(_ workerTypes: [WorkerType], now: Date) throws -> InterruptionRecord {
        let rules = deployment.rules
        guard workerTypes.contains(where: { rules.strategy(of: $0.name) == .riskAdjusted }) else {
            return InterruptionRecord()
        }
        let since = now.addingTimeInterval(-rules.interruptionWindow)
        return InterruptionRecord(
            try database.interruptions.rates(since: since, now: now)
                .mapValues { ($0.interruptions, $0.instanceHours) })
    }
}
