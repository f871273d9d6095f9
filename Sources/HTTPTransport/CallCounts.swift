package import FoundationEssentials

/// What a call is, for pacing and counting.
package struct OutgoingCall: Hashable, Sendable {
    /// `ec2`, `sts`, `sqs`, `queue`.
    package let service: String
    package let action: String
    /// Empty for services without regions.
    package let region: String

    package init(service: String, action: String, region: String = "") {
        self.service = service
        self.action = action
        self.region = region
    }
}

/// What was asked of the services, and what it took: retries, throttles, waiting.
package struct CallCounts: Sendable {
    /// The counts of one action in one region.
    package struct Line: Hashable, Sendable {
        /// Calls made, retries included.
        package var calls = 0
        package var retries = 0
        /// Answers that said that calls come too fast.
        package var throttles = 0
        /// Seconds of back-off before retries.
        package var secondsWaited: TimeInterval = 0

        package static func + (left: Line, right: Line) -> Line {
            var sum = left
            sum.calls += right.calls
            sum.retries += right.retries
            sum.throttles += right.throttles
            sum.secondsWaited += right.secondsWaited
            return sum
        }
    }

    package internal(set) var lines: [OutgoingCall: Line] = [:]
    /// Calls that would have been made again and were not, because the iteration's retries were used up.
    package internal(set) var refusedByBudget = 0
    /// The least number of calls at once that a throttled service was held to, by service and region.
    package internal(set) var slowed: [Place: Int] = [:]

    /// A service in a region, which is throttled on its own.
    package struct Place: Hashable, Sendable {
        package let service: String
        package let region: String
    }

    package init() {}

    package var total: Line { lines.values.reduce(Line(), +) }
}
