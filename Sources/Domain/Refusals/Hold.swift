package import FoundationEssentials

/// A subject that is not tried until a time, because it failed. Holds are kept across iterations.
package struct Hold: Hashable, Codable, Sendable {
    package let subject: HoldSubject
    package let until: Date
    /// Failures in a row, this one included.
    package let failures: Int
    /// EC2's error code.
    package let code: String
    /// EC2's message.
    package let message: String
    package let since: Date

    package init(subject: HoldSubject, until: Date, failures: Int, code: String, message: String, since: Date)
    {
        self.subject = subject
        self.until = until
        self.failures = failures
        self.code = code
        self.message = message
        self.since = since
    }

    /// Creates the hold after a failure. Each failure in a row doubles its length. A hold that ended longer ago than
    /// `holdMemory` does not count.
    package static func after(
        _ previous: Hold?, subject: HoldSubject, failure: ServiceFailure, rules: ProvisioningRules, now: Date
    ) -> Hold {
        let isRecent = previous.map { now.timeIntervalSince($0.until) < rules.holdMemory } ?? false
        let failures = min((isRecent ? previous?.failures ?? 0 : 0) + 1, 30)
        let base =
            switch subject {
            case .pool, .onDemandPool, .zone: rules.poolHold
            case .region, .regionSpot, .regionOnDemand: rules.regionHold
            case .workerType: rules.bootFailureProbe
            }
        let growth = Double(1 << (failures - 1))
        return Hold(
            subject: subject,
            until: now.addingTimeInterval(min(base * growth, max(base, rules.longestHold))),
            failures: failures, code: failure.code, message: failure.message, since: now)
    }

    /// The hold after its subject worked again: it has ended, and half of its failures still count, because a pool that
    /// yields an instance now and then is still scarce. Nil when no failure is left.
    package func decayed(now: Date) -> Hold? {
        guard failures > 1 else { return nil }
        return Hold(
            subject: subject, until: min(until, now), failures: failures / 2, code: code, message: message,
            since: since)
    }
}
