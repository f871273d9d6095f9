import Algorithms
package import FoundationEssentials

/// Verifies requested terminations against the instance states that EC2 reports.
package struct TerminationReview: Sendable {
    /// Ids of instances that may still be shutting down. They do not count as capacity, and their termination is not
    /// requested again.
    package private(set) var awaited: Set<String> = []
    /// Ids of instances that shut down or are terminated.
    package private(set) var gone: Set<String> = []
    /// Terminations of instances that are still alive after `terminationPatience`.
    package private(set) var overdue: [TerminationRecord] = []

    /// - Parameters:
    ///   - pending: terminations that were not verified before.
    ///   - states: the regions that were read in this iteration.
    package init(
        pending: [TerminationRecord], states: [RegionState], rules: ProvisioningRules, now: Date
    ) {
        let read = Set(states.map(\.region))
        let shown = states.flatMap(\.instances).keyed(by: \.id)
        for record in pending {
            let hadTime = now.timeIntervalSince(record.lastAskedAt) >= rules.terminationPatience
            guard read.contains(record.region) else {
                if !hadTime { awaited.insert(record.instanceId) }
                continue
            }
            switch shown[record.instanceId]?.state {
            case let state? where state.isEnding: gone.insert(record.instanceId)
            // EC2 can miss an instance in one response.
            case nil where hadTime: gone.insert(record.instanceId)
            case _ where hadTime: overdue.append(record)
            default: awaited.insert(record.instanceId)
            }
        }
    }
}
