/// The failures of one round in one region that rule out further launches.
package struct RoundRefusals: Sendable {
    /// Launches in a row without a response after which no more are submitted in the region.
    package static let unansweredLimit = 5

    private var subjects: [HoldSubject: ServiceFailure] = [:]
    private var everything: ServiceFailure?
    private var unanswered = 0

    package init() {}

    /// - Parameter target: of the bid of the result.
    package mutating func note(_ result: BidResult, _ target: LaunchTarget) {
        if result.outcome == .launched { unanswered = 0 }
        guard let failure = result.failure else { return }
        if let rule = HoldRule.rule(for: failure.kind) {
            subjects[rule.subject(of: target, after: failure)] = failure
            return
        }
        switch failure.kind {
        case .credentials: everything = failure
        case .notFound: subjects[.workerType(target.workerType)] = failure
        case .throttled, .unreachable:
            unanswered += 1
            if unanswered >= Self.unansweredLimit {
                everything = .unresponsive(target.pool.region, after: failure)
            }
        default: break
        }
    }

    /// The failure that rules out a launch; nil where it may succeed.
    package func reason(against target: LaunchTarget) -> ServiceFailure? {
        if let everything { return everything }
        return subjects.first { $0.key.covers(target) }?.value
    }
}
