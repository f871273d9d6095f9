package import FoundationEssentials

/// The calls that a `ServiceCaller` made, and their retries, throttles and delays.
package struct TransportStatistics: Sendable {
    /// The counts of one action in one region.
    package struct ActionCounts: Hashable, Sendable {
        /// Attempts, retries included.
        package var calls = 0
        package var retries = 0
        /// Responses that report too many calls.
        package var throttles = 0
        /// Seconds of delay before retries.
        package var secondsWaited: TimeInterval = 0

        package static func + (left: ActionCounts, right: ActionCounts) -> ActionCounts {
            var sum = left
            sum.calls += right.calls
            sum.retries += right.retries
            sum.throttles += right.throttles
            sum.secondsWaited += right.secondsWaited
            return sum
        }
    }

    /// A service in a region. AWS throttles each of them separately.
    package struct ServiceRegion: Hashable, Sendable {
        package let service: String
        package let region: String
    }

    package internal(set) var actions: [OutgoingCall: ActionCounts] = [:]
    /// Retries that were not made because the retry budget was used up.
    package internal(set) var refusedByBudget = 0
    /// The lowest concurrency limit of each service that throttled.
    package internal(set) var slowed: [ServiceRegion: Int] = [:]

    /// The smallest difference between this machine's clock and the responses to signed calls. A delay of one response
    /// is no difference of the clocks.
    package internal(set) var clockSkew: ClockSkew?

    package init() {}

    package var total: ActionCounts { actions.values.reduce(ActionCounts(), +) }
}
