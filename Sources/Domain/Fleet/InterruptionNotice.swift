public import FoundationEssentials

/// What EC2 told of an instance that goes away, or may.
public struct InterruptionNotice: Hashable, Codable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// EC2 takes the spot instance back, in two minutes at the earliest.
        case interruption
        /// Its risk to be interrupted has grown. It goes on running, and is often never interrupted.
        case rebalance
        /// It shuts down or has stopped.
        case ended
    }

    public let instanceId: String
    public let region: String
    public let kind: Kind
    /// When EC2 said so.
    public let at: Date

    public init(instanceId: String, region: String, kind: Kind, at: Date) {
        self.instanceId = instanceId
        self.region = region
        self.kind = kind
        self.at = at
    }

    /// Whether the instance's capacity is as good as gone.
    ///
    /// Not after a recommendation to rebalance: to replace what then goes on running would be to buy twice. And not when
    /// the notice is old: an instance that is still shown then has outlived it, and counts again.
    public func meansGoingAway(now: Date, rules: ProvisioningRules) -> Bool {
        kind != .rebalance && now.timeIntervalSince(at) < rules.interruptionNoticeLife
    }
}

/// A message from the queue of notices.
public struct InterruptionMessage: Hashable, Sendable {
    /// What the queue wants to be told to delete it.
    public let handle: String
    public let content: Content

    public enum Content: Hashable, Sendable {
        case notice(InterruptionNotice)
        /// It tells something that needs no answer, an instance that starts.
        case idle
        /// It is no notice: left to the queue's redrive policy.
        case foreign
    }

    public init(handle: String, content: Content) {
        self.handle = handle
        self.content = content
    }
}
