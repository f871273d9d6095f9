package import FoundationEssentials

/// An instance that EC2 was told to terminate: why, when, how often, and when it was seen to be gone.
package struct TerminationRecord: Hashable, Codable, Sendable {
    package let instanceId: String
    package let region: String
    package let workerType: String
    package let launchId: String?
    package var reason: TerminationPlan.Reason
    /// When EC2 first took the call.
    package let askedAt: Date
    /// When EC2 last took it.
    package var lastAskedAt: Date
    /// How often EC2 took it.
    package var attempts: Int
    /// When the instance was first seen to shut down, or to be shown no more; nil until then.
    package var goneAt: Date?

    package init(
        instanceId: String, region: String, workerType: String, launchId: String?,
        reason: TerminationPlan.Reason,
        askedAt: Date, lastAskedAt: Date? = nil, attempts: Int = 1, goneAt: Date? = nil
    ) {
        self.instanceId = instanceId
        self.region = region
        self.workerType = workerType
        self.launchId = launchId
        self.reason = reason
        self.askedAt = askedAt
        self.lastAskedAt = lastAskedAt ?? askedAt
        self.attempts = attempts
        self.goneAt = goneAt
    }
}

/// What became of the instances that were told to terminate: EC2's word is not taken for it.
package struct TerminationReview: Sendable {
    /// Those that were not seen going yet and may still be about to: they count no more, and are not told again.
    package private(set) var awaited: Set<String> = []
    /// Those that were seen going.
    package private(set) var gone: Set<String> = []
    /// Those that live on though they had time enough.
    package private(set) var overdue: [TerminationRecord] = []

    /// - Parameters:
    ///   - pending: those that were not seen going before.
    ///   - states: the regions that were read just now.
    package init(
        pending: [TerminationRecord], states: [RegionState], rules: ProvisioningRules, now: Date
    ) {
        let read = Set(states.map(\.region))
        let shown = Dictionary(
            states.flatMap(\.instances).map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first })
        for record in pending {
            let hadTime = now.timeIntervalSince(record.lastAskedAt) >= rules.terminationPatience
            guard read.contains(record.region) else {
                if !hadTime { awaited.insert(record.instanceId) }
                continue
            }
            switch shown[record.instanceId] {
            case let state? where state.isEnding: gone.insert(record.instanceId)
            // One look that misses it proves nothing.
            case nil where hadTime: gone.insert(record.instanceId)
            case _ where hadTime: overdue.append(record)
            default: awaited.insert(record.instanceId)
            }
        }
    }
}
