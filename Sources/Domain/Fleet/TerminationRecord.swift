public import FoundationEssentials

/// An instance that EC2 was told to terminate: why, when, how often, and when it was seen to be gone.
public struct TerminationRecord: Hashable, Codable, Sendable {
    public let instanceId: String
    public let region: String
    public let workerType: String
    public let launchId: String?
    public var reason: Retirement.Reason
    /// When EC2 first took the call.
    public let askedAt: Date
    /// When EC2 last took it.
    public var lastAskedAt: Date
    /// How often EC2 took it.
    public var attempts: Int
    /// When the instance was first seen to shut down, or to be shown no more; nil until then.
    public var goneAt: Date?

    public init(
        instanceId: String, region: String, workerType: String, launchId: String?, reason: Retirement.Reason,
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
public struct TerminationReview: Sendable {
    /// Those that were not seen going yet and may still be about to: they count no more, and are not told again.
    public private(set) var awaited: Set<String> = []
    /// Those that were seen going.
    public private(set) var gone: Set<String> = []
    /// Those that live on though they had time enough.
    public private(set) var overdue: [TerminationRecord] = []

    /// - Parameters:
    ///   - pending: those that were not seen going before.
    ///   - states: the regions that were read just now.
    public init(
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
