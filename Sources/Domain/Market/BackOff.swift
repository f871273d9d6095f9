package import FoundationEssentials

/// Something that is left alone for a while because it failed. Kept across iterations, so that one bad offering
/// cannot fail a thousand times.
package struct BackOff: Hashable, Codable, Sendable {
    /// What is left alone.
    package enum Subject: Hashable, Codable, Sendable {
        /// Spot capacity of a pool.
        case pool(Pool)
        /// Instances on demand of the same type in the same zone: EC2 often has them where spot has run out.
        case onDemandPool(Pool)
        /// Everything in a zone: it has no addresses or volumes to give.
        case zone(region: String, zone: String)
        /// Everything in a region: a limit of the account that both markets meet.
        case region(String)
        /// Spot capacity of a whole region: its limit was reached.
        case regionSpot(String)
        /// On-demand capacity of a whole region: its limit was reached.
        case regionOnDemand(String)
        /// A worker type whose definition EC2 refuses.
        case workerType(String)
    }

    package let subject: Subject
    package let until: Date
    /// Failures in a row, this one included.
    package let failures: Int
    /// EC2's error code.
    package let code: String
    /// What EC2 said.
    package let message: String
    package let since: Date

    package init(subject: Subject, until: Date, failures: Int, code: String, message: String, since: Date) {
        self.subject = subject
        self.until = until
        self.failures = failures
        self.code = code
        self.message = message
        self.since = since
    }

    /// The back-off that follows another failure: each in a row lasts twice as long as the one before. One that
    /// ended long ago is forgotten.
    package static func after(
        _ previous: BackOff?, subject: Subject, failure: ServiceFailure, rules: ProvisioningRules, now: Date
    ) -> BackOff {
        let isRecent = previous.map { now.timeIntervalSince($0.until) < rules.backOffMemory } ?? false
        let failures = min((isRecent ? previous?.failures ?? 0 : 0) + 1, 30)
        let base =
            switch subject {
            case .pool, .onDemandPool, .zone: rules.poolBackOff
            case .region, .regionSpot, .regionOnDemand: rules.regionBackOff
            case .workerType: rules.bootFailureProbe
            }
        let growth = Double(1 << (failures - 1))
        return BackOff(
            subject: subject,
            until: now.addingTimeInterval(min(base * growth, max(base, rules.longestBackOff))),
            failures: failures, code: failure.code, message: failure.message, since: now)
    }

    /// What is left after what it held worked again: it is over, and half of its failures still count, so that a
    /// pool that gives one instance now and then is not taken for a good one. Nil when none are left.
    package func eased(now: Date) -> BackOff? {
        guard failures > 1 else { return nil }
        return BackOff(
            subject: subject, until: min(until, now), failures: failures / 2, code: code, message: message,
            since: since)
    }
}

extension BackOff.Subject {
    /// What is left alone, in words.
    package var name: String {
        switch self {
        case .pool(let pool): "\(pool)"
        case .onDemandPool(let pool): "\(pool) on demand"
        case .zone(_, let zone): zone
        case .region(let region): region
        case .regionSpot(let region): "spot in \(region)"
        case .regionOnDemand(let region): "on demand in \(region)"
        case .workerType(let name): "worker type \(name)"
        }
    }
}
