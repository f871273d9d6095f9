package import FoundationEssentials
import Synchronization

/// Why a call did not work that may work when it is made again.
package enum RetryReason: Hashable, Sendable {
    /// It came too fast. Seconds that the server asks to wait, if it says.
    case throttled(retryAfter: TimeInterval?)
    /// The service is ill, or nobody answered.
    case transient(retryAfter: TimeInterval?)

    var isThrottle: Bool { if case .throttled = self { true } else { false } }

    var retryAfter: TimeInterval? {
        switch self {
        case .throttled(let wish), .transient(let wish): wish
        }
    }
}

/// What came of one attempt at a call.
package enum AttemptResult<Answer, Failure: Error> {
    case answered(Answer)
    /// Without a trouble, to call again would be in vain.
    case failed(Failure, RetryReason?)
}

/// Makes calls to services: again where that may help and the budget allows, no more at once than a region bears, and
/// counted. One for a whole iteration, whichever services it calls.
package final class ServiceCaller: Sendable {
    package let http: HTTPClient
    private let policy: RetryPolicy
    private let budget: RetryBudget
    private let clock: @Sendable () -> Date
    private let jitter: @Sendable () -> Double
    private let sleep: @Sendable (TimeInterval) async throws -> Void
    private let state = Mutex(State())

    private struct State {
        var limits: [CallCounts.Place: ConcurrencyLimit] = [:]
        var counts = CallCounts()
    }

    /// - Parameters:
    ///   - http: its deadline is the deadline of all waiting, too.
    ///   - budget: what all retries together may spend; a retry costs 5, or 10 where nobody answered.
    ///   - jitter: from 0 to 1, drawn anew for each wait.
    package init(
        http: HTTPClient, policy: RetryPolicy = .standard, budget: Int = 500,
        clock: @escaping @Sendable () -> Date = { Date() },
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        sleep: @escaping @Sendable (TimeInterval) async throws -> Void = {
            try await Task.sleep(for: .seconds($0))
        }
    ) {
        self.http = http
        self.policy = policy
        self.budget = RetryBudget(capacity: budget)
        self.clock = clock
        self.jitter = jitter
        self.sleep = sleep
    }

    /// What was called so far.
    package var counts: CallCounts {
        state.withLock { state in
            var counts = state.counts
            for (place, limit) in state.limits where limit.lowest < ConcurrencyLimit.most {
                counts.slowed[place] = limit.lowest
            }
            return counts
        }
    }

    /// Makes a call, and makes it again while that may help.
    ///
    /// Only calls that may be made twice come here: those that ask, and those with a client token or that name what
    /// they act on. A call keeps its place among those under way while it waits: that is what slows a region down.
    package func call<Answer, Failure: Error>(
        _ call: OutgoingCall, attempt body: () async -> AttemptResult<Answer, Failure>
    ) async throws(Failure) -> Answer {
        let limit = limit(for: call)
        let hasPlace = await limit.acquire()
        defer { if hasPlace { limit.release() } }
        var attempt = 0
        var spent: Int?
        while true {
            attempt += 1
            let cuts = limit.cuts
            count(call) { $0.calls += 1 }
            switch await body() {
            case .answered(let answer):
                limit.grow()
                budget.giveBack(spent)
                return answer
            case .failed(let failure, nil):
                throw failure
            case .failed(let failure, let trouble?):
                if trouble.isThrottle {
                    limit.shrink(knowing: cuts)
                    count(call) { $0.throttles += 1 }
                }
                let wait = policy.wait(
                    afterAttempt: attempt, throttled: trouble.isThrottle, retryAfter: trouble.retryAfter,
                    jitter: jitter(), now: clock(), deadline: http.deadline)
                // One that is cancelled is not made again, and spends nothing.
                guard let wait, !Task.isCancelled else { throw failure }
                let cost = RetryBudget.cost(trouble)
                guard budget.take(cost) else {
                    state.withLock { $0.counts.refusedByBudget += 1 }
                    throw failure
                }
                spent = cost
                count(call) {
                    $0.retries += 1
                    $0.secondsWaited += wait
                }
                do { try await sleep(wait) } catch { throw failure }
            }
        }
    }

    private func limit(for call: OutgoingCall) -> ConcurrencyLimit {
        let place = CallCounts.Place(service: call.service, region: call.region)
        return state.withLock { state in
            if let limit = state.limits[place] { return limit }
            let limit = ConcurrencyLimit()
            state.limits[place] = limit
            return limit
        }
    }

    private func count(_ call: OutgoingCall, _ change: (inout CallCounts.Line) -> Void) {
        state.withLock { change(&$0.counts.lines[call, default: CallCounts.Line()]) }
    }
}

extension HTTPResponse {
    /// How long the server asks to wait, in seconds: `Retry-After` in its two forms. Nil when it does not ask.
    ///
    /// Source: RFC 9110, 10.2.3.
    package func retryAfter(now: Date) -> TimeInterval? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = TimeInterval(text), seconds.isFinite { return max(0, seconds) }
        return Self.date(text).map { max(0, $0.timeIntervalSince(now)) }
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2, parts[3].count == 4,
            let month = months.firstIndex(of: parts[2])
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date(
            "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: Date.ISO8601FormatStyle())
    }
}
