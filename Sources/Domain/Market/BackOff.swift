public import FoundationEssentials

/// Something that is left alone for a while because it failed. Kept across iterations, so that one bad offering
/// cannot fail a thousand times.
public struct BackOff: Hashable, Codable, Sendable {
    /// What is left alone.
    public enum Subject: Hashable, Codable, Sendable {
        case pool(Pool)
        /// Spot capacity of a whole region: its limit was reached.
        case regionSpot(String)
        /// On-demand capacity of a whole region: its limit was reached.
        case regionOnDemand(String)
        /// A worker type whose definition EC2 refuses.
        case workerType(String)
    }

    public let subject: Subject
    public let until: Date
    /// Failures in a row, this one included.
    public let failures: Int
    /// EC2's error code.
    public let code: String
    /// What EC2 said.
    public let message: String
    public let since: Date

    public init(subject: Subject, until: Date, failures: Int, code: String, message: String, since: Date) {
        self.subject = subject
        self.until = until
        self.failures = failures
        self.code = code
        self.message = message
        self.since = since
    }

    /// The back-off that follows another failure: each in a row lasts twice as long as the one before.
    public static func after(
        _ previous: BackOff?, subject: Subject, failure: ServiceFailure, rules: ProvisioningRules, now: Date
    ) -> BackOff {
        let failures = min((previous?.failures ?? 0) + 1, 30)
        let base =
            switch subject {
            case .pool: rules.poolBackOff
            case .regionSpot, .regionOnDemand: rules.regionBackOff
            case .workerType: rules.bootFailureProbe
            }
        let growth = Double(1 << (failures - 1))
        return BackOff(
            subject: subject,
            until: now.addingTimeInterval(min(base * growth, max(base, rules.longestBackOff))),
            failures: failures, code: failure.code, message: failure.message, since: now)
    }
}

extension BackOff.Subject {
    /// What is left alone, in words.
    public var name: String {
        switch self {
        case .pool(let pool): "\(pool)"
        case .regionSpot(let region): "spot in \(region)"
        case .regionOnDemand(let region): "on demand in \(region)"
        case .workerType(let name): "worker type \(name)"
        }
    }
}
