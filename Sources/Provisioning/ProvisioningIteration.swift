import Algorithms
package import Domain
import Formats
package import FoundationEssentials
package import HTTPTransport
package import Logging
package import Storage

/// One iteration: load, fetch, reconcile, terminate, decide, submit, record.
///
/// Cancelling the task that runs it, as SIGTERM does, stops it early: it submits nothing new and records what it
/// submitted. The caller holds the `IterationLock`.
package struct ProvisioningIteration: Sendable {
    let database: ProvisionerDatabase
    let deployment: Deployment
    let ec2: any EC2Service
    /// Nil where no SSM parameters can be read.
    let parameters: (any ParameterService)?
    /// Nil where quotas are not read.
    let quotas: (any QuotaService)?
    let queue: any TaskQueue
    /// Nil if no interruption queue is configured.
    let interruptions: (any InterruptionSource)?
    /// Nil where declarations to the Queue are switched off.
    let declarations: (any DeclarationService)?
    /// Nil where the settings name no recipient, and in a dry run.
    let notifications: NotificationOutlets?
    /// The calls to the services so far.
    let calls: @Sendable () -> TransportStatistics
    /// Nothing is submitted after it.
    let deadline: Date
    let isDryRun: Bool
    /// The number of concurrent launches in one region.
    let launchesAtOnce: Int
    let clock: @Sendable () -> Date
    let random: @Sendable (Int) throws -> [UInt8]
    /// Waits for a number of seconds.
    let sleep: @Sendable (TimeInterval) async throws -> Void
    let log: Logger

    /// - Parameters:
    ///   - parameters: the SSM parameters that contain the ids of images.
    ///   - quotas: the quotas of the account; nil where they are not read.
    ///   - interruptions: the queue of EC2's notices, if there is one.
    ///   - declarations: declares the worker types to the Queue; nil switches that off.
    ///   - notifications: the recipients of notifications; nil for none.
    ///   - calls: the calls to the services so far.
    ///   - dryRun: whether nothing changes: the services are only read, and every write to the database is rolled
    ///     back.
    ///   - rehearsal: the event of EC2 that a dry run assumes.
    ///   - launchesAtOnce: in each region; EC2 refills two launches a second. With one the order is certain.
    ///   - clock: the current time.
    ///   - random: returns that many random bytes.
    ///   - sleep: waits for a number of seconds.
    package init(
        database: ProvisionerDatabase, deployment: Deployment, ec2: any EC2Service, queue: any TaskQueue,
        parameters: (any ParameterService)? = nil, quotas: (any QuotaService)? = nil,
        interruptions: (any InterruptionSource)? = nil,
        declarations: (any DeclarationService)? = nil, notifications: NotificationOutlets? = nil,
        calls: @escaping @Sendable () -> TransportStatistics = { TransportStatistics() }, deadline: Date,
        dryRun: Bool = false, rehearsal: Rehearsal? = nil,
        launchesAtOnce: Int = 4, clock: @escaping @Sendable () -> Date,
        random: @escaping @Sendable (Int) throws -> [UInt8],
        sleep: @escaping @Sendable (TimeInterval) async throws -> Void = {
            try await Task.sleep(for: .seconds($0))
        }, log: Logger
    ) {
        self.database = dryRun ? database.rollingBack() : database
        self.deployment = deployment
        self.ec2 = dryRun ? ReadOnlyEC2(ec2: ec2, rehearsal: rehearsal) : ec2
        self.queue = queue
        self.parameters = parameters
        self.quotas = quotas
        // Receiving a message hides it from the next iteration.
        self.interruptions = dryRun ? nil : interruptions
        self.declarations = dryRun ? nil : declarations
        self.notifications = dryRun ? nil : notifications
        self.calls = calls
        self.deadline = deadline
        isDryRun = dryRun
        self.launchesAtOnce = launchesAtOnce
        self.clock = clock
        self.random = random
        self.sleep = sleep
        self.log = log
    }

    /// Runs all steps. The report contains the failures of EC2 and the Queue. Throws internal failures, such as a
    /// database error, and records them as far as possible.
    package func run() async throws -> IterationReport {
        let now = clock()
        var report = IterationReport(
            id: try database.iterations.begin(dryRun: isDryRun, now: now), startedAt: now, dryRun: isDryRun)
        do {
            try await runSteps(&report, now: now)
        } catch {
            try? database.iterations.finish(
                report.id, outcome: .failed, summary: IterationSummary(error: error), now: clock())
            throw error
        }
        return report
    }

    private func runSteps(_ report: inout IterationReport, now: Date) async throws {
        // Load.
        let (workerTypes, skipped) = try loadWorkerTypes()
        report.failures += skipped.map(\.call)
        let byName = workerTypes.keyed(by: \.name)
        var open = try database.launches.open()

        // Fetch.
        let stored = try SnapshotFetcher.StoredState(database, now: now)
        var snapshot = try await SnapshotFetcher(
            deployment: deployment, stored: stored, ec2: ec2, parameters: parameters, quotas: quotas,
            queue: queue,
            interruptions: interruptions.map {
                InterruptionDrain(database: database, source: $0, now: now)
            }, now: now, sleep: sleep
        ).fetch(workerTypes: workerTypes, openLaunches: open)
        try store(snapshot, over: stored.regions, now: now)
        let clockCheck = ClockCheck(snapshot.fresh, now: now)
        // All ages and holds follow EC2's time: a step of the clock would give up launches, and prolong holds.
        let ec2Time = clockCheck.time(now)
        var holds = try StoredHolds(database, rules: deployment.rules, now: ec2Time)
        report.warnings += try giveUpRetiredRegions(
            &snapshot, open: &open, mayGiveUp: clockCheck.allowsPurging, now: now)
        report.failures += snapshot.failures
        report.allCallsFailed = snapshot.allCallsFailed
        report.note(snapshot.drained)
        report.noteConditions(of: snapshot)
        // After the fetch, which calls the same Queue. A Queue without any response gets no further calls.
        let queueResponds = workerTypes.isEmpty || !snapshot.pendingTasks.isEmpty
        async let declared = queueResponds ? declare(workerTypes, now: now) : nil

        // Reconcile.
        let submitter = LaunchSubmitter(
            database: database, deployment: deployment, ec2: ec2, deadline: deadline, clock: clock,
            clockCheck: clockCheck, images: snapshot.images)
        let reconciled = try await LaunchReconciler(
            database: database, deployment: deployment, ec2: ec2, callsAtOnce: launchesAtOnce,
            snapshot: snapshot, workerTypes: byName
        ).reconcile(open, now: ec2Time, holds: &holds)
        report.failures += reconciled.failures
        // Beside the rest, which an unresponsive region would delay. Until then the launches count as requested.
        let repeater = LaunchRepeater(
            database: database, submitter: submitter, callsAtOnce: launchesAtOnce,
            regions: snapshot.biddable, workerTypes: Set(byName.keys))
        async let repeated = repeater.repeatCalls(reconciled.repeats)
        let fleet = Fleet(
            snapshot.regions, ownership: deployment.ownership, launches: reconciled.launches)
        report.noteMarkets(of: fleet, launches: reconciled.launches)

        // Terminate.
        let gone = try await terminate(
            fleet, in: snapshot, present: Set(workerTypes.map(\.name) + skipped.map(\.name)),
            launches: reconciled.launches, byAge: clockCheck.allowsEndingByAge, now: ec2Time,
            holds: &holds, report: &report
        ).union(try interrupted(now: ec2Time))

        // Decide.
        let tally = FleetTally(
            fleet, launches: reconciled.launches, workerTypes: workerTypes, gone: gone,
            claimGrace: deployment.rules.claimGrace, now: ec2Time)
        let quotaBudget = QuotaBudget(snapshot.quotas, instances: tally.instances)
        let active = holds.active.adding(quotaBudget.holds(rules: deployment.rules, now: ec2Time))
        var market = WorkerTypeDecision.MarketView(
            book: PriceBook(snapshot.prices, zones: snapshot.zones, holds: active),
            images: snapshot.images, holds: active,
            zones: snapshot.zones, interruptions: try interruptionRecord(workerTypes, now: ec2Time),
            closedRegions: snapshot.closedRegions)
        let placed = workerTypes.map {
            $0.choosingSubnets(in: snapshot.regions, holds: active, rules: deployment.rules)
        }
        let placedByName = placed.keyed(by: \.name)
        let demand = try database.demand.all(before: report.id)
        let inputs = try inputs(
            placed, snapshot: snapshot, tally: tally, demand: demand, now: ec2Time)
        market.checkInOutage = try checkInOutage(inputs, now: ec2Time)
        report.warnings += [market.checkInOutage?.problem(baseUrl: deployment.baseUrl)].compactMap(\.self)
        let (use, hourly) = try totalUse(
            tally, workerTypes, launches: reconciled.launches, prices: snapshot.prices, now: ec2Time)
        let plan = Plan(
            inputs, market: market, fleet: fleet, launches: reconciled.launches, gone: gone,
            readRegions: snapshot.readRegions, use: use, prices: hourly, quotas: quotaBudget,
            rules: deployment.rules, now: ec2Time
        )
        report.decisions = plan.decisions

        // Submit.
        let surplus = await TerminationExecutor(ec2: ec2).execute(cancellations: plan.cancellations)
        report.cancelled += surplus.cancelled
        report.failures += surplus.failures
        report.warnings += surplus.refusals.map(\.refusalWarning)
        var rounds = SubmissionRounds(plan, workerTypes: placedByName, rules: deployment.rules)
        try await Submission(
            submitter: submitter, launchesAtOnce: launchesAtOnce, iteration: report.id,
            workerTypes: placedByName,
            prices: snapshot.prices, rules: deployment.rules, now: ec2Time, random: random
        ).submit(&rounds, market: market, holds: &holds)
        report.bids += rounds.results
        report.note(rounds.budget.uses)
        report.quotas = rounds.quotas.uses
        try database.quotas.noteReached(in: rounds.quotas.reachedRegions)
        report.add(reselected: rounds.reselected, problems: rounds.problems)

        // Record.
        let repeats = try await repeated
        try holds.learn(fromRepeats: repeats, workerTypes: byName)
        report.bids = repeats + report.bids
        try database.demand.record(
            plan.demandRecords(after: rounds.results), over: demand, iteration: report.id)
        report.noteFailedLaunches()
        try record(try await declared, in: &report)
        report.stoppedEarly = Task.isCancelled || clock() >= deadline
        report.calls = calls()
        report.noteClock()
        try finish(&report, purges: clockCheck.allowsPurging, now: clock())
        await notify(of: report, workerTypes)
    }

    /// Sends notifications of the problems that began or ended. Everything else of the iteration is recorded before it.
    private func notify(of report: IterationReport, _ workerTypes: [WorkerType]) async {
        guard let notifications else {
            do { try database.notifications.forgetProblems() } catch { log.error("notifications: \(error)") }
            return
        }
        await ProblemNotifier(
            database: database, outlets: notifications, provisionerId: deployment.ownership.provisionerId,
            deadline: deadline, clock: clock, random: random, log: log
        ).notify(of: report.observation(owners: workerTypes.keyed(by: \.name).mapValues(\.definition.owner)))
    }

    /// Stores the regions, images and prices that were read, and the worker types without claimed tasks.
    private func store(_ snapshot: Snapshot, over stored: [String: RegionState], now: Date) throws {
        try database.taskCounts.record(unavailable: snapshot.withoutClaimedTasks, now: now)
        try database.regions.save(snapshot.fresh, over: stored)
        try database.images.save(snapshot.readImages)
        try database.images.save(snapshot.resolvedImages)
        try database.quotas.save(snapshot.readQuotas)
        for fetched in snapshot.fetchedPrices {
            try database.prices.replace(
                region: fetched.region, prices: fetched.prices, instanceTypes: fetched.instanceTypes,
                platforms: fetched.platforms, now: now)
        }
    }
}
