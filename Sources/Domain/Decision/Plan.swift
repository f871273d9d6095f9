public import FoundationEssentials

/// All that one iteration decides, for all worker types: a pure function of what was known when it was made.
public struct Plan: Sendable {
    /// Everything that a plan follows from, apart from the rules and the time.
    public struct Basis: Sendable {
        public var workerTypes: [WorkerType]
        /// How many tasks wait, by worker type; one that is missing is one that the Queue did not tell.
        public var pendingTasks: [String: Int]
        /// What EC2 shows, and where it could not be asked what it showed last.
        public var fleet: Fleet
        /// Open launches and those that EC2 shows, by id, as reconciled.
        public var launches: [String: Launch]
        /// Ids of instances and requests that were terminated or cancelled just now, and of instances that EC2 said it
        /// takes back.
        public var gone: Set<String>
        public var market: WorkerTypeDecision.MarketView
        /// The regions that could be read: only there requests are cancelled.
        public var readRegions: Set<String>

        public init(
            workerTypes: [WorkerType], pendingTasks: [String: Int], fleet: Fleet, launches: [String: Launch],
            gone: Set<String>, market: WorkerTypeDecision.MarketView, readRegions: Set<String>
        ) {
            self.workerTypes = workerTypes
            self.pendingTasks = pendingTasks
            self.fleet = fleet
            self.launches = launches
            self.gone = gone
            self.market = market
            self.readRegions = readRegions
        }
    }

    /// One for each worker type, in the order of the basis.
    public let decisions: [WorkerTypeDecision]
    /// Open requests whose capacity is no longer wanted.
    public let cancellations: [Retirement.Cancellation]

    /// - Parameter bootRecord: what the latest launches of a worker type say of its image; asked only where
    ///   something would be bought.
    public init(
        _ basis: Basis, rules: ProvisioningRules, now: Date,
        bootRecord: (WorkerType) throws -> [Launch]
    ) rethrows {
        try self.init(
            basis,
            tally: FleetTally(
                basis.fleet, launches: basis.launches, workerTypes: basis.workerTypes, gone: basis.gone,
                now: now), rules: rules, now: now, bootRecord: bootRecord)
    }

    /// The same for a fleet that is counted already.
    public init(
        _ basis: Basis, tally: FleetTally, rules: ProvisioningRules, now: Date,
        bootRecord: (WorkerType) throws -> [Launch]
    ) rethrows {
        var decisions: [WorkerTypeDecision] = []
        var cancellations: [Retirement.Cancellation] = []
        for type in basis.workerTypes {
            var facts = WorkerTypeDecision.Facts(
                workerType: type, pendingTasks: basis.pendingTasks[type.name], tally: tally[type.name],
                holdings: tally.holdings(of: type.name), launches: [])
            let change = facts.pendingTasks.map {
                CapacityChange(pendingTasks: $0, tally: facts.tally, definition: type.definition).change
            }
            if let change, change > 0 { facts.launches = try bootRecord(type) }
            if let change, change < 0 {
                cancellations += Retirement.surplus(
                    of: type, change: change, fleet: basis.fleet, gone: basis.gone
                ).filter { basis.readRegions.contains($0.request.region) }
            }
            decisions.append(WorkerTypeDecision(facts, market: basis.market, rules: rules, now: now))
        }
        self.decisions = decisions
        self.cancellations = cancellations
    }

    /// Everything that is to be bought.
    public var bids: [Bid] { decisions.flatMap(\.bids) }
}
