import Formats
package import FoundationEssentials

/// The decision of one iteration for one worker type, with the input that is needed to explain it.
package struct WorkerTypeDecision: Hashable, Codable, Sendable {
    package let workerType: String
    package let decidedAt: Date
    /// Nil when the Queue did not respond.
    package let pendingTasks: Int?
    package let tally: CapacityTally
    /// The formula with its numbers; nil when the pending tasks are unknown.
    package internal(set) var change: CapacityChange?
    /// The bounds of the capacity by the schedule of the worker type; nil without a schedule.
    package internal(set) var schedule: ScheduledBounds?
    /// What the limits over all worker types leave for it; nil without limits.
    package internal(set) var allowance: LaunchAllowance?
    /// Launches in a row whose workers did not start.
    package internal(set) var bootFailures: BootFailures?
    /// The pauses of the worker type, its regions and its instance types; nil where there are none.
    package internal(set) var pauses: [Pause]?
    /// Why the worker type launches nothing.
    package internal(set) var hold: String?
    /// The choice of spot pools.
    package internal(set) var choice: PoolChoice?
    /// The capacity in each pool; nil unless the strategy counts it.
    package internal(set) var holdings: [Holding]?
    /// The bids to submit.
    @CountedBids package internal(set) var bids: [Bid] = []
    /// Bids that replaced refused ones in the same iteration; nil where there are none.
    package internal(set) var reselected: CountedBids?
    /// Why it buys nothing or less.
    package internal(set) var problems: [Problem] = []

    /// Adds the bids and problems of reselections.
    package mutating func add(reselected bids: [Bid] = [], problems more: [Problem]) {
        if !bids.isEmpty { reselected = CountedBids(wrappedValue: (reselected?.wrappedValue ?? []) + bids) }
        problems += more.filter { !problems.contains($0) }
    }

    /// The demand for the next decision; nil where the worker type needs no record of it.
    ///
    /// - Parameter launched: the capacity of the launches of this decision.
    package func demandRecord(launched: Int) -> DemandRecord? {
        change?.demandRecord?.met(by: launched)
    }

    /// The tasks that workers have claimed; nil where the Queue does not report them.
    package var claimedTasks: Int? { change?.idle?.claimedTasks }

    /// Whether pauses left no pool to launch in.
    package var isPaused: Bool { problems.contains { $0.kind == .paused } }

    /// Whether the decision has a problem that the previous decision of its worker type did not have.
    ///
    /// - Parameter previous: the problems of the previous decision.
    package func hasNewProblem(since previous: [Problem]) -> Bool {
        problems.contains { problem in !previous.contains(where: problem.isRepetition) }
    }

    /// The decision without the candidates that were not chosen and without the second list of the same bids, for storage.
    package var abridged: WorkerTypeDecision {
        var abridged = self
        abridged.choice?.candidates.removeAll { $0.count == 0 }
        abridged.choice?.bids = []
        return abridged
    }

    /// The capacity that a worker type has or has requested in one pool.
    package struct Holding: Hashable, Codable, Sendable {
        package let pool: Pool
        package let capacity: Int
    }

    /// The market of one iteration, the same for every worker type.
    package struct MarketView: Sendable {
        package var book: PriceBook
        /// The images of the definitions, which determine the platforms of pools.
        package var images: ImageCatalog
        package var holds: Holds
        /// The available zones of the regions that could be read.
        package var zones: [String: [String]]
        /// The interruptions of this deployment's instances.
        package var interruptions: InterruptionRecord
        /// The managed regions that this iteration does not use, by name.
        package var closedRegions: [String: RegionClosure]
        /// Set while the workers of no worker type reach the API.
        package var checkInOutage: CheckInOutage?

        package init(
            book: PriceBook, images: ImageCatalog = ImageCatalog(), holds: Holds,
            zones: [String: [String]],
            interruptions: InterruptionRecord = InterruptionRecord(),
            closedRegions: [String: RegionClosure] = [:], checkInOutage: CheckInOutage? = nil
        ) {
            self.checkInOutage = checkInOutage
            self.closedRegions = closedRegions
            self.book = book
            self.images = images
            self.holds = holds
            self.zones = zones
            self.interruptions = interruptions
        }
    }

    /// Decides for one worker type. A pure function: the same input gives the same decision.
    package init(_ input: Input, market: MarketView, rules: ProvisioningRules, now: Date) {
        let type = input.workerType
        workerType = type.name
        decidedAt = now
        pendingTasks = input.pendingTasks
        tally = input.tally
        pauses = market.holds.pauses(of: type)
        schedule = input.schedule
        if let problem = schedule?.problem { problems.append(problem) }
        guard let change = input.change else {
            problems.append(Problem(.skipped, "the Queue did not report the number of pending tasks"))
            return
        }
        self.change = change
        guard change.change > 0 else { return }

        let failures = BootFailures(
            launches: market.checkInOutage == nil ? input.launches : [], of: type,
            tasksAreTaken: input.tasksAreTaken, now: now, rules: rules)
        bootFailures = failures
        var holds = market.holds.view(of: type)
        if let pauses = pauses?.preventingAllLaunches(of: type), !pauses.isEmpty {
            let problem = Problem(pauses)
            hold = problem.text
            problems.append(problem)
            return
        }
        if let hold = holds.whole {
            self.hold =
                "EC2 refuses the definition (\(hold.code): \(hold.message)); tried again at "
                + "\(hold.until.timestamp), or with a new definition"
        } else if let problem = type.definition.launchProblems(in: rules.requestMode).first {
            self.hold = problem
        } else if let problem = type.definition.subnetProblem {
            self.hold = problem
        }
        if let reason = self.hold {
            problems.append(Problem(.stopped, reason))
            return
        }
        if rules.strategy(of: type.name) == .diversified {
            holdings = input.holdings.map(Holding.init).sorted { $0.pool < $1.pool }
        }
        holds.add(failures.holds(on: type, withProbe: false, rules: rules, now: now))
        allowance = input.allowance
        let amount = min(change.change, allowance?.capacity ?? .max)
        let mostBids = min(input.mostBids, allowance?.instances ?? .max)
        if let problem = allowance?.problem(wanted: change.change) { problems.append(problem) }
        guard amount > 0, mostBids > 0 else { return }
        let headroom = headroom(of: type)
        var selection = Selection(
            type, amount: amount, headroom: headroom, holdings: input.holdings, market: market,
            holds: holds, mostBids: mostBids, rules: rules, now: now)
        choice = selection.choice
        let (kept, dropped) = failures.limiting(selection.bids)
        bids = kept
        if dropped > 0 {
            // The place of the probe takes one launch. Other places take the rest.
            holds.add(failures.holds(on: type, withProbe: true, rules: rules, now: now))
            selection = Selection(
                type, amount: dropped, headroom: headroom - kept.reduce(0) { $0 + $1.capacity },
                holdings: input.holdings, market: market, holds: holds,
                mostBids: max(0, mostBids - kept.count), rules: rules, now: now)
            bids += selection.bids
        }
        let closures = market.closures(of: type)
        problems += closures.map(\.problem)
        problems += market.subnetProblems(of: type, rules: rules)
        // Without a region, the lack of prices and zones follows from the closures.
        if closures.count < type.definition.regions.count { problems += selection.problems }
        problems += failures.problems
    }

    /// Selects pools for capacity that failed to launch, with the holds that the failures brought.
    ///
    /// - Parameters:
    ///   - missing: the capacity that failed to launch, above zero.
    ///   - headroom: the capacity left below maxCapacity after the launches of this iteration.
    ///   - holdings: the capacity in each pool, with the launches of this iteration.
    ///   - bootFailures: the failures of the decision.
    ///   - isLast: whether this is the last reselection of the iteration: spot was refused each time before, so that
    ///     on-demand instances are next where they are allowed.
    /// - Returns: the bids, and why there are none or fewer.
    package static func reselect(
        for type: WorkerType, missing: Int, headroom: Int, market: MarketView, holdings: [Pool: Int] = [:],
        bootFailures: BootFailures? = nil, isLast: Bool, rules: ProvisioningRules, now: Date
    ) -> (bids: [Bid], problems: [Problem]) {
        var holds = market.holds.view(of: type)
        holds.add(bootFailures?.holds(on: type, withProbe: true, rules: rules, now: now) ?? [])
        let selection = Selection(
            type, amount: missing, headroom: headroom, holdings: holdings, market: market,
            holds: holds, spotWasRefused: isLast, rules: rules, now: now)
        return (selection.bids, selection.problems)
    }

    /// The capacity in each pool, including launched bids.
    package func holdings(with launched: [Bid]) -> [Pool: Int] {
        let held = (holdings ?? []).map { ($0.pool, $0.capacity) }
        return Dictionary(held + launched.map { ($0.pool, $0.capacity) }, uniquingKeysWith: +)
    }

    /// The bounds of the capacity in this decision.
    package func bounds(of type: WorkerType) -> CapacityBounds {
        schedule?.bounds ?? CapacityBounds(of: type.definition)
    }

    /// The capacity that may be added.
    func headroom(of type: WorkerType) -> Int {
        min(tally.headroom(below: bounds(of: type).maximum), allowance?.capacity ?? .max)
    }

    /// The seed of random choices: equal for the same decision, different for others.
    private static func seed(_ type: WorkerType, rules: ProvisioningRules, now: Date, amount: Int) -> UInt64 {
        let milliseconds = Int64(exactly: (now.timeIntervalSince1970 * 1000).rounded()) ?? 0
        return StableHash.fnv1a("\(rules.seed) \(milliseconds) \(amount) \(type.name)".utf8)
    }

    /// Spot pools where spot capacity is available, else on-demand instances where they are allowed.
    private struct Selection {
        var choice: PoolChoice?
        var bids: [Bid] = []
        var problems: [Problem] = []

        init(
            _ type: WorkerType, amount: Int, headroom: Int, holdings: [Pool: Int], market: MarketView,
            holds: WorkerTypeHolds, spotWasRefused: Bool = false, mostBids: Int = .max,
            rules: ProvisioningRules, now: Date
        ) {
            let platforms = PoolPlatforms(of: type, catalog: market.images, rules: rules)
            if spotWasRefused, type.definition.canUseOndemand {
                bids = OnDemandChoice.bids(
                    for: type, change: amount, headroom: headroom, zones: market.zones, book: market.book,
                    platforms: platforms, holds: holds, mostBids: mostBids, rules: rules)
                if !bids.isEmpty { return }
            }
            if type.definition.canUseSpot {
                let choice = PoolChoice(
                    for: type,
                    from: PoolChoice.Input(
                        change: amount, headroom: headroom, book: market.book, platforms: platforms,
                        holds: holds, interruptions: market.interruptions, holdings: holdings,
                        mostBids: mostBids,
                        seed: WorkerTypeDecision.seed(type, rules: rules, now: now, amount: amount)),
                    rules: rules)
                self.choice = choice
                bids = choice.bids
                if let problem = choice.problem { problems.append(problem) }
                // Spot capacity that is merely too expensive does not fall back to on-demand, which costs more.
                let isUnavailable = (choice.refused[.held] ?? 0) > 0 || choice.considered == 0
                if !bids.isEmpty || !isUnavailable { return }
            }
            guard type.definition.canUseOndemand else { return }
            bids = OnDemandChoice.bids(
                for: type, change: amount, headroom: headroom, zones: market.zones, book: market.book,
                platforms: platforms, holds: holds, mostBids: mostBids, rules: rules)
            if bids.isEmpty {
                problems.append(Problem(.warning, "no pool is left for instances on demand"))
            } else if let spot = problems.popLast() {
                problems.append(Problem(.warning, "instances on demand instead of spot: \(spot.text)"))
            }
        }
    }
}
