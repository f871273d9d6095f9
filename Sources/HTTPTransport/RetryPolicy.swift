package import FoundationEssentials

/// The delay before a retry: full jitter over an exponential bound, never past the deadline.
///
/// Source of the rule: AWS Architecture Blog, "Exponential Backoff And Jitter".
package struct RetryPolicy: Sendable {
    /// The number of attempts, the first one included.
    package var attempts: Int
    /// The first bound in seconds, doubled for each further attempt.
    package var base: TimeInterval
    /// The first bound after a throttle, in seconds: the service's token bucket needs time to refill.
    package var throttledBase: TimeInterval
    /// The maximum delay in seconds, unless the server requests a longer one.
    package var maxDelay: TimeInterval
    /// The maximum delay that a server may request, in seconds. After a longer one the call is not retried.
    package var maxRetryAfter: TimeInterval = 60

    package static let standard = RetryPolicy(attempts: 4, base: 0.2, throttledBase: 0.5, maxDelay: 8)
    /// A single attempt.
    package static let none = RetryPolicy(attempts: 1, base: 0, maxDelay: 0)

    package init(
        attempts: Int, base: TimeInterval, throttledBase: TimeInterval? = nil, maxDelay: TimeInterval
    ) {
        self.attempts = attempts
        self.base = base
        self.throttledBase = throttledBase ?? base
        self.maxDelay = maxDelay
    }

    /// - Parameters:
    ///   - attempt: the number of attempts so far, at least 1.
    ///   - throttled: whether the service throttled the last attempt.
    ///   - retryAfter: the delay that the server requests, in seconds.
    ///   - jitter: a random number from 0 to 1.
    /// - Returns: the delay in seconds, or nil when the call is not retried.
    package func delay(
        afterAttempt attempt: Int, throttled: Bool = false, retryAfter: TimeInterval?, jitter: Double,
        now: Date, deadline: Date
    ) -> TimeInterval? {
        guard attempt < attempts, retryAfter ?? 0 <= maxRetryAfter else { return nil }
        let first = throttled ? throttledBase : base
        let bound = min(maxDelay, first * Double(1 << min(attempt - 1, 20)))
        let delay = max(retryAfter ?? 0, bound * jitter)
        return now.addingTimeInterval(delay) < deadline ? delay : nil
    }
}
