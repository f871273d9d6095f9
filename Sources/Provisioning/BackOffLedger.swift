import Domain
import FoundationEssentials
import Storage

/// The back-offs of one iteration: what is known of earlier ones, and every new one stored as it comes.
///
/// What fails several times in one iteration fails once, and what works several times is eased once: ten launches
/// that were under way together say no more than one.
struct BackOffLedger {
    private let database: ProvisionerDatabase
    private let rules: ProvisioningRules
    /// When the iteration began and the definitions were read: one that changed since is not judged by what EC2 said
    /// of the old one.
    private let now: Date
    private var known: [BackOff.Subject: BackOff]
    private var failed: Set<BackOff.Subject> = []
    private var eased: Set<BackOff.Subject> = []

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
    mutating func fail(_ subject: BackOff.Subject, _ failure: ServiceFailure) throws {
        guard failed.insert(subject).inserted else { return }
        let backOff = BackOff.after(
            known[subject], subject: subject, failure: failure, rules: rules, now: now)
        try database.backOffs.record(backOff)
        known[subject] = backOff
    }

    /// What was held works again: it is held no more, and half of its failures are forgotten.
    mutating func ease(_ subjects: [BackOff.Subject]) throws {
        for subject in subjects where !failed.contains(subject) {
            guard let backOff = known[subject], eased.insert(subject).inserted else { continue }
            known[subject] = backOff.eased(now: now)
            if let left = known[subject] {
                try database.backOffs.record(left)
            } else {
                try database.backOffs.clear(subject)
            }
        }
    }

    /// Backs off what bids failed on, and eases what they went through.
    ///
    /// - Parameter definitions: when the definition that each worker type has now was stored; a bid by an older one
    ///   says nothing of it.
    /// - Returns: whether anything was backed off.
    @discardableResult
    mutating func learn(from results: [BidResult], definitions: [String: Date]) throws -> Bool {
        let before = failed.count
        for result in results where result.outcome == .failed {
            guard let failure = result.failure, let subject = failure.backOffSubject(for: result.bid) else {
                continue
            }
            if case .workerType(let name) = subject, let made = result.definitionModified,
                made != definitions[name]
            {
                continue
            }
            try fail(subject, failure)
        }
        for result in results where result.outcome == .launched { try ease(result.provenSubjects) }
        return failed.count > before
    }
}
