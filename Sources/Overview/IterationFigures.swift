public import Domain

/// The numbers of one iteration, counted from its stored report.
public struct IterationFigures: Hashable, Sendable {
    public let launched: Int
    /// Launches that EC2 refused, or that got no response.
    public let refused: Int
    public let terminated: Int
    public let cancelled: Int
    /// Failures and warnings, one line each.
    public let errors: [String]

    /// - Parameter summary: nil for an iteration without a report.
    public init(_ summary: IterationSummary?) {
        let outcomes = summary?.bids.map(\.outcome) ?? []
        launched = outcomes.count { $0 == .launched }
        refused = outcomes.count { $0 == .failed || $0 == .unanswered }
        terminated = summary?.terminated.count ?? 0
        cancelled = summary?.cancelled.count ?? 0
        let failures = (summary?.failures ?? []).map { failure in
            failure.subject.map { "\($0): \(failure.message)" } ?? failure.message
        }
        errors = failures + (summary?.warnings ?? []) + [summary?.error].compactMap(\.self)
    }
}
