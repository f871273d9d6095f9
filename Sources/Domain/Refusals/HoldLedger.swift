import Algorithms
package import FoundationEssentials

/// The holds of one iteration: the stored holds, and the changes that follow from the results of its bids.
///
/// Several failures of a subject in one iteration count once, and so do several successes: concurrent
/// launches are one observation.
package struct HoldLedger: Sendable {
    private let rules: ProvisioningRules
    private var now: Date
    private var known: [HoldSubject: Hold]
    /// Results of bids do not end pauses.
    private let pauses: [Pause]
    private var failed: Set<HoldSubject> = []
    private var succeeded: Set<HoldSubject> = []
    /// What launched in this iteration.
    private var launched: Set<LaunchTarget> = []

    package init(
        _ known: some Sequence<Hold>, pauses: [Pause] = [], rules: ProvisioningRules, now: Date
    ) {
        self.rules = rules
        self.pauses = pauses
        self.now = now
        self.known = known.keyed(by: \.subject)
    }

    /// Starts another iteration with the holds of this one.
    package mutating func beginIteration(now: Date) {
        self.now = now
        failed = []
        succeeded = []
        launched = []
    }

    /// The holds that have not ended, and the pauses in force.
    package var active: Holds { Holds(known.values, pauses: pauses, now: now) }

    /// When the next active hold or pause ends.
    package var nextEnd: Date? {
        chain(known.values.lazy.map(\.until), pauses.lazy.compactMap(\.until)).filter { $0 > now }.min()
    }

    /// The number of subjects that failed in this iteration.
    package var failures: Int { failed.count }

    /// Holds the subject of a failed launch, and a wider subject where the failure is the second evidence of it.
    ///
    /// - Parameter definition: the fingerprint of the definition that was refused.
    /// - Returns: the new holds; empty where the failure holds nothing, or its subject failed in this iteration before.
    package mutating func recordFailure(
        of target: LaunchTarget, _ failure: ServiceFailure, definition: String?
    ) -> [Hold] {
        guard let rule = HoldRule.rule(for: failure.kind) else { return [] }
        let subject = rule.subject(of: target, after: failure)
        guard failed.insert(subject).inserted else { return [] }
        let bidPrice = failure.kind == .priceTooLow ? target.bidPrice : nil
        var holds = [hold(subject, failure, rule, definition: definition, bidPrice: bidPrice)]
        if let wider = rule.widening.flatMap(subject.widened), !failed.contains(wider),
            isConfirmed(wider, by: failure.code, besides: subject, rule)
        {
            failed.insert(wider)
            holds.append(hold(wider, failure, rule, definition: definition, bidPrice: nil))
        }
        return holds
    }

    private mutating func hold(
        _ subject: HoldSubject, _ failure: ServiceFailure, _ rule: HoldRule, definition: String?,
        bidPrice: Price?
    ) -> Hold {
        let isNow = launched.contains(where: subject.covers)
        let hold = Hold.after(
            known[subject], subject: subject, failure: failure, rule: rule,
            launchedAt: failure.kind == .interrupted ? nil : isNow ? now : known[subject]?.launchedAt,
            definition: subject.workerType == nil ? nil : definition, bidPrice: bidPrice, rules: rules,
            now: now)
        known[subject] = hold
        return hold
    }

    /// Whether a subject is held already for the same code, and nothing launched under the wider subject.
    private func isConfirmed(
        _ wider: HoldSubject, by code: String, besides subject: HoldSubject, _ rule: HoldRule
    ) -> Bool {
        guard let widening = rule.widening, !launched.contains(where: wider.covers) else { return false }
        return known.values.contains { other in
            other.subject != subject && other.code == code && other.until > now
                && other.subject.widened(widening) == wider
        }
    }

    /// Ends the holds whose subject an accepted launch belongs to.
    ///
    /// - Parameter provesOffer: whether the launch has an instance. A spot request that is not fulfilled shows only that
    ///   it is within the quotas of the account.
    /// - Returns: the ended holds.
    package mutating func recordLaunch(of target: LaunchTarget, provesOffer: Bool = true) -> [Hold] {
        if provesOffer { launched.insert(target) }
        var ended: [Hold] = []
        for (subject, hold) in known
        where (provesOffer || subject.quotaClass != nil) && subject.covers(target)
            && !failed.contains(subject)
            && succeeded.insert(subject).inserted
        {
            let hold = hold.ended(byLaunchAt: now)
            known[subject] = hold
            ended.append(hold)
        }
        return ended
    }

    /// Records the failures and successes of bids.
    ///
    /// - Parameter workerTypes: by name. The failure of a launch of another definition holds nothing of its worker type.
    /// - Returns: the holds that changed.
    package mutating func learn(
        from results: [BidResult], workerTypes: [String: WorkerType] = [:]
    ) -> [Hold] {
        var fingerprints: [String: String] = [:]
        var changes: [HoldSubject: Hold] = [:]
        func target(_ bid: Bid) -> LaunchTarget {
            LaunchTarget(bid, definition: workerTypes[bid.workerType]?.definition)
        }
        let launches = results.filter { $0.outcome == .launched }
        for result in launches where result.answer?.instanceId != nil { launched.insert(target(result.bid)) }
        for result in results {
            guard let failure = result.holdingFailure else { continue }
            let name = result.bid.workerType
            if fingerprints[name] == nil { fingerprints[name] = workerTypes[name]?.definition.fingerprint }
            let target = target(result.bid)
            if let made = result.definition, let current = fingerprints[name], made != current,
                HoldRule.rule(for: failure.kind)?.subject(of: target, after: failure).workerType != nil
            {
                continue
            }
            for hold in recordFailure(of: target, failure, definition: fingerprints[name]) {
                changes[hold.subject] = hold
            }
        }
        for result in launches {
            let provesOffer = result.answer?.instanceId != nil
            for hold in recordLaunch(of: target(result.bid), provesOffer: provesOffer) {
                changes[hold.subject] = hold
            }
        }
        return changes.values.sorted { $0.subject.name < $1.subject.name }
    }
}
