import Synchronization

/// The token bucket that limits the retries of all calls of an iteration.
///
/// A retry takes tokens, a success returns some. While a service is down the bucket empties, so that calls fail at the
/// first attempt. Source of the rule: the AWS SDKs' standard retry mode.
final class RetryBudget: Sendable {
    static let capacity = 500
    private let tokens: Mutex<Int>
    private let capacity: Int

    init(capacity: Int = RetryBudget.capacity) {
        self.capacity = capacity
        tokens = Mutex(capacity)
    }

    /// The tokens that a retry costs. A retry without a response costs more, because it takes a whole timeout.
    static func cost(_ reason: RetryReason) -> Int { reason.isThrottle ? 5 : 10 }

    /// Takes the tokens of a retry. Returns false, and takes none, when too few are left.
    func take(_ cost: Int) -> Bool {
        tokens.withLock { tokens in
            guard tokens >= cost else { return false }
            tokens -= cost
            return true
        }
    }

    /// Returns the cost of a successful call's last retry, or 1 token for a call without a retry.
    func refund(_ cost: Int?) {
        tokens.withLock { $0 = min(capacity, $0 + (cost ?? 1)) }
    }
}
