import Algorithms
package import FoundationEssentials

/// The holds of one iteration: the stored holds, and the changes that follow from the results of its bids.
///
/// Several failures of a subject in one iteration count once, and so do several successes: concurrent
/// launches are one observation.
package struct HoldLedger: Sendable {
    package enum Change: Sendable {
        case store(Hold)
        case clear(HoldSubject)
    }

    private let rules: ProvisioningRules
    /// When the iteration began and read the definitions.
    private var now: Date
    private var known: [HoldSubject: Hold]
    private var failed: Set<HoldSubject> = []
    private var recovered: Set<HoldSubject> = []

    package init(_ known: some Sequence<Hold>, rules: ProvisioningRules, now: Date) {
        self.rules = rules
        self.now = now
        self.known = known.keyed(by: \.subject)
    }

    /// Starts another iteration with the holds of this one.
    package mutating func beginIteration(now: Date) {
        self.now = now
        failed = []
        recovered = []
    }

    /// The holds that have not ended.
    package var active: Holds { Holds(known.values, now: now) }

    /// When the next active hold ends.
    package var nextEnd: Date? { known.values.lazy.map(\.until).filter { $0 > now }.min() }

    /// The number of subjects that failed in this iteration.
    package var failures: Int { failed.count }

    /// Holds a subject after a failure, for longer than last time if that was recent.
    package mutating func recordFailure(of subject: HoldSubject, _ failure: ServiceFailure) -> Change? {
        guard failed.insert(subject).inserted else { return nil }
        let hold = Hold.after(
            known[subject], subject: subject, failure: failure, rules: rules, now: now)
        known[subject] = hold
        return .store(hold)
    }

    /// Ends the holds of subjects after a success, and halves their failures.
    package mutating func recordSuccess(of subjects: [HoldSubject]) -> [Change] {
        var changes: [Change] = []
        for subject in subjects where !failed.contains(subject) {
            guard let hold = known[subject], recovered.insert(subject).inserted else { continue }
            known[subject] = hold.decayed(now: now)
            changes.append(known[subject].map(Change.store) ?? .clear(subject))
        }
        return changes
    }

    /// Records the failures and successes of the subjects of bids.
    ///
    /// - Parameter definitions: when the current definition of each worker type was stored. The failure of a bid by an
    ///   older definition does not concern it.
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
            if let change = recordFailure(of: subject, failure) { changes.append(change) }
        }
        for result in results where result.outcome == .launched {
            changes += recordSuccess(of: result.provenSubjects)
        }
        return changes
    }
}
