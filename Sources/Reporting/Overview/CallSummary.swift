package import Domain
import Formats
import FoundationEssentials
package import Storage

/// The calls that an iteration made to the services, from its stored report.
package struct CallSummary: Sendable {
    package let iteration: Int64
    package let statistics: CallStatistics

    /// Creates nil for an iteration without a report, or with one of an older program that did not count calls.
    package init?(_ record: IterationRecord) {
        guard let calls = record.summary?.calls else { return nil }
        iteration = record.id
        statistics = calls
    }

    /// One line for all calls, then one line for each action that was retried or throttled and for each service that
    /// was slowed down.
    package var lines: [String] {
        let total = statistics.total
        var parts = [
            "\(total.calls) calls", "\(total.retries) retries", "\(total.throttles) throttled",
            "\(total.secondsWaited.formatted(decimals: 1)) s waited",
        ]
        if statistics.refusedByBudget > 0 {
            parts.append(
                "\(statistics.refusedByBudget) not made again: the iteration's retries were used up")
        }
        var lines = ["calls of iteration \(iteration): " + parts.joined(separator: ", ")]
        for action in statistics.actions where action.counts.retries > 0 || action.counts.throttles > 0 {
            lines.append(
                "\(Self.name(action.service, action.action, action.region)): \(action.counts.calls) calls, "
                    + "\(action.counts.retries) retries, \(action.counts.throttles) throttled")
        }
        lines += statistics.slowed.map {
            "\(Self.name($0.service, $0.region)) was slowed down to \($0.callsAtOnce) calls at once"
        }
        return lines
    }

    private static func name(_ parts: String...) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
