import Synchronization

/// What all calls of an iteration together may spend on being made again, whichever service they go to.
///
/// A bucket of tokens: each retry takes some, each success puts some back. When a service is down the bucket runs dry,
/// and calls fail at once instead of each trying to the end. Source of the rule: the AWS SDKs' standard retry mode.
final class RetryBudget: Sendable {
    static let capacity = 500
    private let tokens: Mutex<Int>
    private let capacity: Int

    init(capacity: Int = RetryBudget.capacity) {
        self.capacity = capacity
        tokens = Mutex(capacity)
    }

    /// What a retry costs: one after silence more, because the next silence costs a whole timeout.
    static func cost(_ trouble: RetryReason) -> Int { trouble.isThrottle ? 5 : 10 }

    /// Takes what a retry costs; false, and nothing is taken, when there is too little.
    func take(_ cost: Int) -> Bool {
        tokens.withLock { tokens in
            guard tokens >= cost else { return false }
            tokens -= cost
            return true
        }
    }

    /// A call went well: gives back what its last retry cost, and 1 for one that needed none.
    func giveBack(_ cost: Int?) {
        tokens.withLock { $0 = min(capacity, $0 + (cost ?? 1)) }
    }

    var left: Int { tokens.withLock { $0 } }
}
