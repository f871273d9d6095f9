package import FoundationEssentials

/// A notice of EC2 about an instance that ends or may end.
package struct InterruptionNotice: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// EC2 takes the spot instance back, in two minutes at the earliest.
        case interruption
        /// Its risk to be interrupted has grown. It goes on running, and is often never interrupted.
        case rebalance
        /// It shuts down or has stopped.
        case ended
    }

    package let instanceId: String
    package let region: String
    package let kind: Kind
    /// When EC2 said so.
    package let at: Date

    package init(instanceId: String, region: String, kind: Kind, at: Date) {
        self.instanceId = instanceId
        self.region = region
        self.kind = kind
        self.at = at
    }

    /// Whether the instance's capacity is as good as gone.
    ///
    /// Not after a recommendation to rebalance: to replace what then goes on running would be to buy twice. And not when
    /// the notice is old: an instance that is still shown then has outlived it, and counts again.
    package func meansGoingAway(now: Date, rules: ProvisioningRules) -> Bool {
        kind != .rebalance && now.timeIntervalSince(at) < rules.interruptionNoticeLife
    }
}
