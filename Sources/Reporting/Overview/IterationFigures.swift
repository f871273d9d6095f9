package import Domain
import Formats
import FoundationEssentials
import Storage

/// The numbers of one iteration, counted from its stored report.
package struct IterationFigures: Hashable, Sendable {
    package let launched: Int
    /// Launches that EC2 refused, or that got no response.
    package let refused: Int
    package let terminated: Int
    package let cancelled: Int
    /// Failures and warnings, one line each.
    package let errors: [String]

    /// - Parameter summary: nil for an iteration without a report.
    package init(_ summary: IterationSummary?) {
        let outcomes = summary?.bids.map(\.outcome) ?? []
        launched = outcomes.count { $0 == .launched }
        refused = outcomes.count { $0 == .failed || $0 == .unanswered }
        terminated = summary?.terminated.count ?? 0
        cancelled = summary?.cancelled.count ?? 0
        let failures = (summary?.failures ?? []).map { failure in
            failure.subject.map { "\($0): \(failure.message)" } ?? failure.message
        }
        let omitted = summary?.omittedFailures ?? 0
        errors =
            failures + (summary?.warnings ?? []) + [summary?.error].compactMap(\.self)
            + (omitted > 0 ? ["\(omitted) more failures"] : [])
    }
}
