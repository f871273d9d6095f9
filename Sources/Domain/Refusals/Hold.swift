package import FoundationEssentials

/// A subject that is not tried until a time, because it failed. Holds are kept across iterations.
package struct Hold: Hashable, Codable, Sendable {
    package let subject: HoldSubject
    package let until: Date
    /// Failures in a row without a launch under the subject, this one included; 0 after a launch.
    package let failures: Int
    /// EC2's error code.
    package let code: String
    /// EC2's message.
    package let message: String
    package let since: Date
    /// The meaning of the code; nil in a hold of an earlier version.
    package let kind: ServiceFailure.Kind?
    /// The fingerprint of the definition that was refused; nil where the subject has no worker type.
    package let definition: String?
    /// The bid that was below the price. Higher bids are not held.
    package let bidPrice: Price?
    /// The last launch under the subject.
    package let launchedAt: Date?

    package init(
        subject: HoldSubject, until: Date, failures: Int, code: String, message: String, since: Date,
        kind: ServiceFailure.Kind? = nil, definition: String? = nil, bidPrice: Price? = nil,
        launchedAt: Date? = nil
    ) {
        self.subject = subject
        self.until = until
        self.failures = failures
        self.code = code
        self.message = message
        self.since = since
        self.kind = kind
        self.definition = definition
        self.bidPrice = bidPrice
        self.launchedAt = launchedAt
    }

    /// Creates the hold after a failure.
    ///
    /// Each failure in a row doubles a hold that grows. A hold that ended longer ago than `holdMemory` does not count. A
    /// launch under the subject within `scarceMemory` shows that it is not exhausted: the hold is short, and the count
    /// does not rise.
    ///
    /// - Parameters:
    ///   - previous: the last hold of the subject.
    ///   - launchedAt: the last launch under the subject.
    package static func after(
        _ previous: Hold?, subject: HoldSubject, failure: ServiceFailure, rule: HoldRule, launchedAt: Date?,
        definition: String? = nil, bidPrice: Price? = nil, rules: ProvisioningRules, now: Date
    ) -> Hold {
        let isRecent =
            previous.map {
                now.timeIntervalSince($0.until) < rules.holdMemory && $0.definition == definition
                    && ($0.kind == .interrupted) == (failure.kind == .interrupted)
            } ?? false
        let earlier = isRecent ? previous?.failures ?? 0 : 0
        let isScarce = launchedAt.map { now.timeIntervalSince($0) < rules.scarceMemory } ?? false
        let failures = isScarce ? earlier : min(earlier + 1, 30)
        let base = rules[keyPath: rule.duration]
        let length: TimeInterval =
            if isScarce {
                min(base, rules.shortHold)
            } else if rule.grows {
                min(base * Double(1 << max(0, failures - 1)), max(base, rules.longestHold))
            } else {
                base
            }
        return Hold(
            subject: subject, until: now.addingTimeInterval(length), failures: failures, code: failure.code,
            message: failure.message, since: now, kind: failure.kind, definition: definition,
            bidPrice: bidPrice, launchedAt: launchedAt)
    }

    /// The hold after a launch under its subject: it has ended, and no failure counts. Interruptions still count, because
    /// EC2 interrupts only what it launched.
    package func ended(byLaunchAt now: Date) -> Hold {
        Hold(
            subject: subject, until: min(until, now), failures: kind == .interrupted ? failures : 0,
            code: code, message: message, since: since,
            kind: kind, definition: definition, bidPrice: bidPrice, launchedAt: now)
    }

    /// Whether another hold on the same pool outweighs this one: a hold of an interrupted pool is the weakest, because it
    /// does not apply where no other pool is left; of the others the hold that lasts longest is the strongest.
    func isWeaker(than other: Hold) -> Bool {
        let isInterrupted = kind == .interrupted
        guard isInterrupted == (other.kind == .interrupted) else { return isInterrupted }
        return until < other.until
    }
}
