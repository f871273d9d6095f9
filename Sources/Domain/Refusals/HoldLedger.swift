package import FoundationEssentials

/// The holds of one iteration: those of earlier iterations, and the changes that the results of its bids bring.
///
/// Several failures of a subject in one iteration count once, and so do several successes: ten launches that run at
/// once say no more than one.
package struct HoldLedger: Sendable {
    package enum Change: Sendable {
        case store(Hold)
        case clear(HoldSubject)
    }

    private let rules: ProvisioningRules
    /// When the iteration began and read the definitions: a definition that changed since is not judged.
    private var now: Date
    private var known: [HoldSubject: Hold]
    private var failed: Set<HoldSubject> = []
    private var eased: Set<HoldSubject> = []

    package init(_ known: some Sequence<Hold>, rules: ProvisioningRules, now: Date) {
        self.rules = rules
        self.now = now
        self.known = Dictionary(known.map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Starts another iteration with the holds of this one.
    package mutating func beginIteration(now: Date) {
        self.now = now
        failed = []
        eased = []
    }

    /// The holds that have not ended.
    package var active: Holds { Holds(known.values, now: now) }

    /// When the next active hold ends.
    package var nextEnd: Date? { known.values.lazy.map(\.until).filter { $0 > now }.min() }

    /// The number of subjects that failed in this iteration.
    package var failures: Int { failed.count }

    /// Holds a subject because it failed: longer than the last time if that was not long ago.
    package mutating func fail(_ subject: HoldSubject, _ failure: ServiceFailure) -> Change? {
        guard failed.insert(subject).inserted else { return nil }
        let hold = Hold.after(
            known[subject], subject: subject, failure: failure, rules: rules, now: now)
        known[subject] = hold
        return .store(hold)
    }

    /// Ends the holds of subjects that work again, and forgets half of their failures.
    package mutating func ease(_ subjects: [HoldSubject]) -> [Change] {
        var changes: [Change] = []
        for subject in subjects where !failed.contains(subject) {
            guard let hold = known[subject], eased.insert(subject).inserted else { continue }
            known[subject] = hold.decayed(now: now)
            changes.append(known[subject].map(Change.store) ?? .clear(subject))
        }
        return changes
    }

    /// Holds the subjects that bids failed on, and eases the subjects that launches show to work.
    ///
    /// - Parameter definitions: when the current definition of each worker type was stored. The failure of a bid by an
    ///   older definition says nothing of it.
    package mutating func learn(from results: [BidResult], definitions: [String: Date] = [:]) -> [Change] {
        var changes: [Change] = []
        for result in results where result.outcome == .failed {
            guard let failure = result.failure, let subject = failure.holdSubject(for: result.bid) else {
                continue
            }
            if case .workerType(let name) = subject, let made = result.definitionModified,
                made != definitions[name]
            {
                continue
            }
            if let change = fail(subject, failure) { changes.append(change) }
        }
        for result in results where result.outcome == .launched { changes += ease(result.provenSubjects) }
        return changes
    }
}
