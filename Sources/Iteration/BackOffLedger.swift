import Domain
import FoundationEssentials
import Storage

/// The back-offs of one iteration: what is known of earlier ones, and every new one stored as it comes.
struct BackOffLedger {
    private let database: ProvisionerDatabase
    private let rules: ProvisioningRules
    /// When the iteration began and the definitions were read: one that changed since is not judged by what EC2 said
    /// of the old one.
    private let now: Date
    private var known: [BackOff.Subject: BackOff]

    init(_ database: ProvisionerDatabase, rules: ProvisioningRules, now: Date) throws {
        self.database = database
        self.rules = rules
        self.now = now
        known = Dictionary(
            try database.backOffs.all().map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Those that have not ended.
    var inForce: BackOffs { BackOffs(known.values, now: now) }

    /// Leaves something alone because it failed, longer than the last time if that was not long ago.
    @discardableResult
    mutating func fail(_ subject: BackOff.Subject, _ failure: ServiceFailure) throws -> BackOff {
        let backOff = BackOff.after(
            known[subject], subject: subject, failure: failure, rules: rules, now: now)
        try database.backOffs.record(backOff)
        known[subject] = backOff
        return backOff
    }

    /// Forgets one: what it held works again.
    mutating func clear(_ subject: BackOff.Subject) throws {
        guard known.removeValue(forKey: subject) != nil else { return }
        try database.backOffs.clear(subject)
    }
}
