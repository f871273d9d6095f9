public import FoundationEssentials

/// What a call is, for pacing and counting.
public struct ServiceCall: Hashable, Sendable {
    /// `ec2`, `sts`, `sqs`, `queue`.
    public let service: String
    public let action: String
    /// Empty for services without regions.
    public let region: String

    public init(service: String, action: String, region: String = "") {
        self.service = service
        self.action = action
        self.region = region
    }
}

/// What was asked of the services, and what it took: retries, throttles, waiting.
public struct CallCounts: Sendable {
    /// The counts of one action in one region.
    public struct Line: Hashable, Sendable {
        /// Calls made, retries included.
        public var calls = 0
        public var retries = 0
        /// Answers that said that calls come too fast.
        public var throttles = 0
        /// Seconds of back-off before retries.
        public var secondsWaited: TimeInterval = 0

        public static func + (left: Line, right: Line) -> Line {
            var sum = left
            sum.calls += right.calls
            sum.retries += right.retries
            sum.throttles += right.throttles
            sum.secondsWaited += right.secondsWaited
            return sum
        }
    }

    public internal(set) var lines: [ServiceCall: Line] = [:]
    /// Calls that would have been made again and were not, because the iteration's retries were used up.
    public internal(set) var refusedByBudget = 0
    /// The least number of calls at once that a throttled service was held to, by service and region.
    public internal(set) var slowed: [Place: Int] = [:]

    /// A service in a region, which is throttled on its own.
    public struct Place: Hashable, Sendable {
        public let service: String
        public let region: String
    }

    public init() {}

    public var total: Line { lines.values.reduce(Line(), +) }
}
