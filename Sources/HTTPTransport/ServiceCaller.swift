package import FoundationEssentials
import Synchronization

/// Makes calls to services, retries them within a budget, limits their concurrency and counts them.
///
/// All calls of an iteration share one caller.
package final class ServiceCaller: Sendable {
    package let http: HTTPClient
    private let policy: RetryPolicy
    private let budget: RetryBudget
    private let callsAtOnce: [String: Int]
    private let clock: @Sendable () -> Date
    private let jitter: @Sendable () -> Double
    private let sleep: @Sendable (TimeInterval) async throws -> Void
    private let state = Mutex(State())

    private struct State {
        var limits: [TransportStatistics.ServiceRegion: ConcurrencyLimit] = [:]
        var statistics = TransportStatistics()
        /// The timeouts in a row of each service and region, and the failure of the last one.
        var timeouts: [TransportStatistics.ServiceRegion: (count: Int, failure: any Error)] = [:]
    }

    /// Timeouts in a row after which a service in a region counts as unresponsive.
    private static let timeoutLimit = 3

    /// - Parameters:
    ///   - http: sends the requests. Its deadline also ends delays before retries.
    ///   - budget: tokens for retries. A retry costs 5 after a throttle, and 10 otherwise.
    ///   - callsAtOnce: the maximum number of concurrent calls by service; 16 for the other services.
    ///   - jitter: a random number from 0 to 1 for each delay.
    package init(
        http: HTTPClient, policy: RetryPolicy = .standard, budget: Int = 500,
        callsAtOnce: [String: Int] = [:],
        clock: @escaping @Sendable () -> Date = { Date() },
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        sleep: @escaping @Sendable (TimeInterval) async throws -> Void = {
            try await Task.sleep(for: .seconds($0))
        }
    ) {
        self.http = http
        self.policy = policy
        self.budget = RetryBudget(capacity: budget)
        self.callsAtOnce = callsAtOnce
        self.clock = clock
        self.jitter = jitter
        self.sleep = sleep
    }

    /// The calls so far.
    package var statistics: TransportStatistics {
        state.withLock { state in
            var statistics = state.statistics
            for (region, limit) in state.limits where limit.lowest < limit.maximum {
                statistics.slowed[region] = limit.lowest
            }
            return statistics
        }
    }

    /// Makes a call, and retries it after transient failures.
    ///
    /// The call has to be idempotent: it reads, or has a client token, or names the resources that it acts on. A call
    /// counts against the concurrency limit during its delays too, which slows down a throttled region.
    ///
    /// - Parameters:
    ///   - failsFast: whether the call fails at once while the service is unresponsive, with the failure of the
    ///   last call. For reads: a change that was not tried must not look like a change without a response.
    ///   - isRetried: whether the call is retried after transient failures, unless the service is unresponsive.
    package func call<Response, Failure: Error>(
        _ call: OutgoingCall, failsFast: Bool = false, isRetried: Bool = true,
        attempt body: () async -> AttemptResult<Response, Failure>
    ) async throws(Failure) -> Response {
        let limit = limit(for: call)
        let isAdmitted = await limit.acquire()
        defer { if isAdmitted { limit.release() } }
        var attempt = 0
        var spent: Int?
        while true {
            if failsFast, let failure = timeoutFailure(call) as? Failure { throw failure }
            attempt += 1
            let reductions = limit.reductions
            count(call) { $0.calls += 1 }
            let result = await body()
            note(result, of: call)
            switch result {
            case .success(let response):
                limit.increase()
                budget.refund(spent)
                return response
            case .failure(let failure, retry: nil):
                throw failure
            case .failure(let failure, let reason?):
                if reason.isThrottle {
                    limit.reduce(since: reductions)
                    count(call) { $0.throttles += 1 }
                }
                guard isRetried, timeoutFailure(call) == nil else { throw failure }
                let delay = policy.delay(
                    afterAttempt: attempt, throttled: reason.isThrottle, retryAfter: reason.retryAfter,
                    jitter: jitter(), now: clock(), deadline: http.deadline)
                guard let delay, !Task.isCancelled else { throw failure }
                let cost = RetryBudget.cost(reason)
                guard budget.take(cost) else {
                    state.withLock { $0.statistics.refusedByBudget += 1 }
                    throw failure
                }
                spent = cost
                count(call) {
                    $0.retries += 1
                    $0.secondsWaited += delay
                }
                do { try await sleep(delay) } catch { throw failure }
            }
        }
    }

    /// Records the difference between the clocks that a response shows.
    package func record(_ skew: ClockSkew) {
        state.withLock { state in
            state.statistics.clockSkew = .smallest(
                of: [state.statistics.clockSkew, skew].compactMap(\.self))
        }
    }

    /// The failure of the last call, where the service in the region of a call is unresponsive.
    private func timeoutFailure(_ call: OutgoingCall) -> (any Error)? {
        let timeouts = state.withLock { $0.timeouts[call.serviceRegion] }
        guard let timeouts, timeouts.count >= Self.timeoutLimit else { return nil }
        return timeouts.failure
    }

    /// Counts the timeouts in a row.
    private func note(_ result: AttemptResult<some Any, some Error>, of call: OutgoingCall) {
        state.withLock { state in
            if case .failure(let failure, retry: .timedOut) = result {
                let count = state.timeouts[call.serviceRegion]?.count ?? 0
                state.timeouts[call.serviceRegion] = (count + 1, failure)
            } else {
                state.timeouts[call.serviceRegion] = nil
            }
        }
    }

    private func limit(for call: OutgoingCall) -> ConcurrencyLimit {
        state.withLock { state in
            if let limit = state.limits[call.serviceRegion] { return limit }
            let limit = ConcurrencyLimit(maximum: callsAtOnce[call.service] ?? ConcurrencyLimit.standard)
            state.limits[call.serviceRegion] = limit
            return limit
        }
    }

    private func count(_ call: OutgoingCall, _ change: (inout TransportStatistics.ActionCounts) -> Void) {
        state.withLock { change(&$0.statistics.actions[call, default: .init()]) }
    }
}
