import Domain
import FoundationEssentials
import Storage

extension ProvisioningIteration {
    /// The inputs of the decisions, with the boot records of the worker types that want more capacity.
    func inputs(
        _ workerTypes: [WorkerType], snapshot: Snapshot, tally: FleetTally,
        demand: [String: DemandRecord], now: Date
    ) throws -> [WorkerTypeDecision.Input] {
        try Plan.inputs(
            workerTypes, pendingTasks: snapshot.pendingTasks, claimedTasks: snapshot.claimedTasks,
            tally: tally, demand: demand, rules: deployment.rules, now: now
        ).map { input in
            var input = input
            if input.wantsCapacity {
                input.launches = try database.launches.bootRecord(of: input.workerType.name, now: now)
                input.tasksAreTaken = try tasksAreTaken(input, now: now)
            }
            return input
        }
    }

    /// Whether the pending tasks of a worker type became fewer since the first of several short lives in a row.
    private func tasksAreTaken(_ input: WorkerTypeDecision.Input, now: Date) throws -> Bool {
        let rules = deployment.rules
        guard
            let since = BootFailures.firstShortLife(
                input.launches, of: input.workerType, now: now, rules: rules)
        else { return true }
        let counts =
            try database.history.capacities(of: input.workerType.name, since: since).compactMap(
                \.pendingTasks)
            + [input.pendingTasks].compactMap(\.self)
        return zip(counts, counts.dropFirst()).contains { $0 > $1 }
    }

    /// Set when the workers of several worker types stopped reaching the API.
    func checkInOutage(_ inputs: [WorkerTypeDecision.Input], now: Date) throws -> CheckInOutage? {
        let rules = deployment.rules
        // Without failures of several worker types there is no outage, and the last check-in is not searched.
        let records = inputs.filter { input in
            input.launches.contains { $0.bootOutcome(now: now, rules: rules) == .failed }
        }.map { (type: $0.workerType, launches: $0.launches) }
        guard records.count > 1 else { return nil }
        return CheckInOutage(
            records, lastCheckIn: try database.launches.lastCheckIn(), now: now, rules: rules)
    }

    /// The ids of instances with an announced interruption. They still run, and their capacity does not count.
    func interrupted(now: Date) throws -> Set<String> {
        let recent = now.addingTimeInterval(-deployment.rules.interruptionNoticeLife)
        return Set(
            try database.notices.since(recent)
                .filter { $0.meansGoingAway(now: now, rules: deployment.rules) }.map(\.instanceId))
    }

    /// The interruptions of this deployment; empty unless a strategy needs them.
    func interruptionRecord(_ workerTypes: [WorkerType], now: Date) throws -> InterruptionRecord {
        let rules = deployment.rules
        guard workerTypes.contains(where: { rules.strategy(of: $0.name) == .riskAdjusted }) else {
            return InterruptionRecord()
        }
        let since = now.addingTimeInterval(-rules.interruptionWindow)
        return InterruptionRecord(
            try database.interruptions.rates(since: since, now: now)
                .mapValues { ($0.billedInterruptions, $0.instanceHours) })
    }
}
