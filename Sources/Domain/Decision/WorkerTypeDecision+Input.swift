extension WorkerTypeDecision {
    /// The state of one worker type that a decision is based on.
    package struct Input: Sendable {
        package let workerType: WorkerType
        /// Nil when the Queue did not respond.
        package let pendingTasks: Int?
        package let tally: CapacityTally
        /// The capacity of the tally by pool, where the pool is known.
        package let holdings: [Pool: Int]
        /// The bounds of the capacity by the schedule of the worker type; nil without a schedule.
        package let schedule: ScheduledBounds?
        /// The capacity to gain or to cancel; nil when the pending tasks are unknown.
        package let change: CapacityChange?
        /// The latest launches, newest first. Required only if `wantsCapacity`.
        package var launches: [Launch]
        /// Whether the pending tasks became fewer since the first of the latest short lives.
        package var tasksAreTaken = true
        /// The maximum number of bids, beside the submissions of the regions.
        package var mostBids = Int.max
        /// What the limits over all worker types leave for it; nil without limits.
        package var allowance: LaunchAllowance?

        /// Whether the decision may buy.
        package var wantsCapacity: Bool { (change?.change ?? 0) > 0 }

        package init(
            workerType: WorkerType, pendingTasks: Int?, tally: CapacityTally, holdings: [Pool: Int] = [:],
            schedule: ScheduledBounds? = nil, launches: [Launch], demand: DemandInput = DemandInput()
        ) {
            self.workerType = workerType
            self.pendingTasks = pendingTasks
            let tally = demand.claimedTasks == nil ? tally : tally.withoutClaimGrace
            self.tally = tally
            self.holdings = holdings
            self.schedule = schedule
            self.launches = launches
            change = pendingTasks.map {
                CapacityChange(
                    pendingTasks: $0, tally: tally, definition: workerType.definition,
                    bounds: schedule?.bounds, demand: demand)
            }
        }
    }
}
