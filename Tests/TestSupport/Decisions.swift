package import Domain
package import FoundationEssentials

extension WorkerTypeDecision {
    /// The decision for a worker type in a market without pools.
    package static func sample(
        _ workerType: WorkerType = .sample(), pendingTasks: Int? = 0, tally: CapacityTally = CapacityTally(),
        at now: Date = .start
    ) -> WorkerTypeDecision {
        let holds = Holds([], now: now)
        return WorkerTypeDecision(
            Input(workerType: workerType, pendingTasks: pendingTasks, tally: tally, launches: []),
            market: MarketView(
                book: PriceBook([], zones: [:], holds: holds), holds: holds, zones: [:]),
            rules: ProvisioningRules(), now: now)
    }
}
