package import FoundationEssentials

/// How long to wait before a call is made again: full jitter over a doubling bound, never past the deadline.
///
/// Source of the rule: AWS Architecture Blog, "Exponential Backoff And Jitter".
package struct RetryPolicy: Sendable {
    /// Calls in all, the first one included.
    package var attempts: Int
    /// The first bound, in seconds; doubled for each further attempt.
    package var base: TimeInterval
    /// The first bound after a call that came too fast, in seconds: a bucket takes its time to fill.
    package var throttledBase: TimeInterval
    /// No wait is longer, in seconds, unless the server asks for it.
    package var longest: TimeInterval
    /// A server that asks for a longer wait, in seconds, is left to the next iteration.
    package var longestWish: TimeInterval = 60

    package static let standard = RetryPolicy(attempts: 4, base: 0.2, throttledBase: 0.5, longest: 8)
    /// For calls that are better left to the next iteration.
    package static let none = RetryPolicy(attempts: 1, base: 0, longest: 0)

    package init(
        attempts: Int, base: TimeInterval, throttledBase: TimeInterval? = nil, longest: TimeInterval
    ) {
        self.attempts = attempts
        self.base = base
        self.throttledBase = throttledBase ?? base
        self.longest = longest
    }

    /// - Parameters:
    ///   - attempt: how many calls were made, at least 1.
    ///   - throttled: whether the last one came too fast.
    ///   - retryAfter: the server's own wish, in seconds.
    ///   - jitter: from 0 to 1, drawn anew for each wait.
    /// - Returns: seconds to wait, or nil when the call is not to be made again.
    package func wait(
        afterAttempt attempt: Int, throttled: Bool = false, retryAfter: TimeInterval?, jitter: Double,
        now: Date, deadline: Date
    ) -> TimeInterval? {
        guard attempt < attempts, retryAfter ?? 0 <= longestWish else { return nil }
        let first = throttled ? throttledBase : base
        let bound = min(longest, first * Double(1 << min(attempt - 1, 20)))
        let wait = max(retryAfter ?? 0, bound * jitter)
        return now.addingTimeInterval(wait) < deadline ? wait : nil
    }
}
