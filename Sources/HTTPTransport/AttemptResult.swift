package import FoundationEssentials

/// The outcome of one attempt at a call.
package enum AttemptResult<Response, Failure: Error> {
    case success(Response)
    /// `retry` is nil when the same call would fail again.
    case failure(Failure, retry: RetryReason?)
}

/// Why a call that failed may succeed when it is repeated.
package enum RetryReason: Hashable, Sendable {
    /// The service reports too many calls. `retryAfter` is the delay that it requests, in seconds.
    case throttled(retryAfter: TimeInterval?)
    /// The service failed, or sent no response.
    case transient(retryAfter: TimeInterval?)
    /// No response arrived in time.
    case timedOut

    /// The reason to repeat a request that has no response.
    package init(_ error: TransportError) {
        self = error == .timedOut ? .timedOut : .transient(retryAfter: nil)
    }

    var isThrottle: Bool { if case .throttled = self { true } else { false } }

    /// The delay that the service requests, in seconds.
    var retryAfter: TimeInterval? {
        switch self {
        case .throttled(let seconds), .transient(let seconds): seconds
        case .timedOut: nil
        }
    }
}
