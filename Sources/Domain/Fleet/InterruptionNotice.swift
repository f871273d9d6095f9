package import FoundationEssentials

/// An event of EC2: an instance ends or may end.
package struct InterruptionNotice: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// EC2 reclaims the spot instance, in two minutes at the earliest.
        case interruption
        /// A rebalance recommendation: the risk of an interruption is higher. The instance is often never interrupted.
        case rebalance
        /// It shuts down or has stopped.
        case ended
    }

    package let instanceId: String
    package let region: String
    package let kind: Kind
    /// The time of the event.
    package let at: Date

    package init(instanceId: String, region: String, kind: Kind, at: Date) {
        self.instanceId = instanceId
        self.region = region
        self.kind = kind
        self.at = at
    }

    /// Whether the capacity of the instance no longer counts.
    ///
    /// It counts after a rebalance recommendation: a replacement would be bought twice. It counts again after
    /// `interruptionNoticeLife` if EC2 still shows the instance.
    package func meansGoingAway(now: Date, rules: ProvisioningRules) -> Bool {
        kind != .rebalance && now.timeIntervalSince(at) < rules.interruptionNoticeLife
    }
}
