import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTPTransport

/// A clock that advances by delays only, and jitter of the whole bound.
private final class TestClock: Sendable {
    let now = Mutex(Date.start)
    let waits = Mutex<[TimeInterval]>([])

    func caller(
        deadline: Date = .distantFuture, budget: Int = 500, attempts: Int = 4, jitter: Double = 1
    ) -> ServiceCaller {
        ServiceCaller(
            http: HTTPClient(deadline: deadline),
            policy: RetryPolicy(attempts: attempts, base: 1, throttledBase: 2, maxDelay: 30), budget: budget,
            clock: { self.now.withLock { $0 } }, jitter: { jitter },
            sleep: { seconds in
                self.waits.withLock { $0.append(seconds) }
                self.now.withLock { $0 += seconds }
            })
    }
}

private struct Failed: Error, Equatable { let attempt: Int }

private let describe = OutgoingCall(service: "ec2", action: "Describe", region: "us-east-1")

/// Makes a call with the listed outcomes of its attempts; nil is a success.
private func call(
    _ caller: ServiceCaller, _ reasons: [RetryReason?], _ name: OutgoingCall = describe
) async -> Result<Int, Failed> {
    var attempt = 0
    do throws(Failed) {
        return .success(
            try await caller.call(name) { () -> AttemptResult<Int, Failed> in
                attempt += 1
                guard let reason = reasons[attempt - 1] else { return .success(attempt) }
                return .failure(Failed(attempt: attempt), retry: reason)
            })
    } catch { return .failure(error) }
}

/// The number of concurrent calls.
private final class Gauge: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock(\.most) }

    func pass(_ caller: ServiceCaller, _ name: OutgoingCall, expected: Int) async {
        // A permanent failure: a success would raise the limit.
        let _: Result<Int, Failed> = await caller.result(name) {
            counts.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            // Gives calls above the limit the time to start.
            _ = await eventually { most >= expected }
            for _ in 0..<100 { await Task.yield() }
            counts.withLock { $0.now -= 1 }
            return .failure(Failed(attempt: 1), retry: nil)
        }
    }
}

@Suite("Calls to a service")
struct ServiceCallerTests {
    private let clock = TestClock()

    @Test("The number of concurrent calls is limited by service")
    func callsAtOnce() async {
        let caller = ServiceCaller(http: HTTPClient(), callsAtOnce: ["queue": 3])
        for (service, expected) in [("queue", 3), ("ec2", 16)] {
            let call = OutgoingCall(service: service, action: "read")
            #expect(await most(caller, call, expected: expected) == expected)
        }
    }

    @Test("Reads fail at once after three timeouts in a row, changes and other regions do not")
    func unresponsive() async throws {
        let caller = clock.caller(attempts: 2)
        let made = Mutex(0)
        func read(_ region: String, _ reason: RetryReason?, failsFast: Bool = true) async -> Int {
            made.withLock { $0 = 0 }
            let name = OutgoingCall(service: "ec2", action: "Describe", region: region)
            _ = try? await caller.call(name, failsFast: failsFast) { () -> AttemptResult<Int, Failed> in
                made.withLock { $0 += 1 }
                return reason.map { .failure(Failed(attempt: 1), retry: $0) } ?? .success(1)
            }
            return made.withLock { $0 }
        }
        #expect(await read("a", .timedOut) == 2)
        #expect(await read("a", nil) == 1)
        #expect(await read("a", .timedOut) == 2)
        #expect(await read("a", .timedOut) == 1, "the third in a row is not repeated")
        #expect(await read("a", nil) == 0)
        #expect(await read("b", nil) == 1)
        #expect(await read("a", nil, failsFast: false) == 1, "a change is made, and its response counts")
        #expect(await read("a", nil) == 1)
    }

    @Test("Changes are not retried after three timeouts in a row, and calls without retries are made once")
    func unretried() async {
        let caller = clock.caller()
        let made = Mutex(0)
        func change(_ reason: RetryReason, isRetried: Bool = true) async -> Int {
            made.withLock { $0 = 0 }
            _ = try? await caller.call(describe, isRetried: isRetried) { () -> AttemptResult<Int, Failed> in
                made.withLock { $0 += 1 }
                return .failure(Failed(attempt: 1), retry: reason)
            }
            return made.withLock { $0 }
        }
        #expect(await change(.timedOut) == 3)
        #expect(await change(.timedOut) == 1)
        #expect(await change(.transient(retryAfter: nil)) == 4)
        #expect(await change(.transient(retryAfter: nil), isRetried: false) == 1)
    }

    @Test("are retried after transient failures, with delays that double and begin higher after a throttle")
    func retries() async {
        let caller = clock.caller()
        let transient = RetryReason.transient(retryAfter: nil)
        let throttled = RetryReason.throttled(retryAfter: nil)
        #expect(await call(caller, [transient, transient, transient, nil]) == .success(4))
        #expect(clock.waits.withLock { $0 } == [1, 2, 4])
        #expect(await call(caller, [throttled, transient, nil]) == .success(3))
        #expect(clock.waits.withLock { $0 }.suffix(2) == [2, 2])
        #expect(
            await call(caller, [transient, transient, transient, transient]) == .failure(Failed(attempt: 4)))
    }

    @Test("are made once when the failure is permanent")
    func finalFailure() async {
        let failed =
            await clock.caller().result(describe) {
                () -> AttemptResult<Int, Failed> in .failure(Failed(attempt: 1), retry: nil)
            } as Result<Int, Failed>
        #expect(failed == .failure(Failed(attempt: 1)))
        #expect(clock.waits.withLock { $0 }.isEmpty)
    }

    @Test("are retried after the delay that the server requests, up to the deadline and to one minute")
    func retryAfter() async {
        let asked = RetryReason.throttled(retryAfter: 20)
        #expect(await call(clock.caller(), [asked, nil]) == .success(2))
        #expect(clock.waits.withLock { $0 } == [20])
        let late = clock.caller(deadline: .start.addingTimeInterval(35))
        #expect(await call(late, [asked, nil]) == .failure(Failed(attempt: 1)))
        #expect(
            await call(clock.caller(), [.throttled(retryAfter: 61), nil])
                == .failure(Failed(attempt: 1)))
    }

    @Test("share one retry budget across services, which successes refill")
    func budget() async {
        let caller = clock.caller(budget: 25, attempts: 10)
        let transient = RetryReason.transient(retryAfter: nil)
        let queue = OutgoingCall(service: "queue", action: "pendingTasks")
        let down = [RetryReason?](repeating: transient, count: 10)
        #expect(await call(caller, down) == .failure(Failed(attempt: 3)), "two retries at 10 each")
        #expect(await call(caller, down, queue) == .failure(Failed(attempt: 1)))
        #expect(caller.statistics.refusedByBudget == 2)
        for _ in 0..<5 { #expect(await call(caller, [nil], queue) == .success(1)) }
        #expect(await call(caller, [transient, nil]) == .success(2), "five successes paid for one retry")
        #expect(await call(caller, [transient, nil]) == .success(2), "which gave back what it had cost")
    }

    @Test("are counted by service, action and region")
    func counts() async {
        let caller = clock.caller()
        _ = await call(caller, [.throttled(retryAfter: nil), .transient(retryAfter: nil), nil])
        _ = await call(caller, [nil])
        let other = OutgoingCall(service: "ec2", action: "Describe", region: "eu-west-1")
        _ = await call(caller, [nil], other)
        let statistics = caller.statistics
        #expect(
            statistics.actions[describe]
                == TransportStatistics.ActionCounts(calls: 4, retries: 2, throttles: 1, secondsWaited: 4))
        #expect(statistics.actions[other] == TransportStatistics.ActionCounts(calls: 1))
        #expect(statistics.total.calls == 5)
    }

    @Test("to a throttled region lose concurrency, calls to another region do not")
    func pace() async {
        let caller = clock.caller()
        let throttled = RetryReason.throttled(retryAfter: nil)
        for _ in 0..<3 { _ = await call(caller, [throttled, nil]) }
        let other = OutgoingCall(service: "ec2", action: "Describe", region: "eu-west-1")
        #expect(await most(caller, describe, expected: 2) == 2)
        #expect(
            await most(caller, other, expected: ConcurrencyLimit.standard) == ConcurrencyLimit.standard)
        #expect(
            caller.statistics.slowed == [
                TransportStatistics.ServiceRegion(service: "ec2", region: "us-east-1"): 2
            ])
    }

    /// The highest number of concurrent calls, of 40.
    private func most(_ caller: ServiceCaller, _ name: OutgoingCall, expected: Int) async -> Int {
        let gauge = Gauge()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { await gauge.pass(caller, name, expected: expected) } }
        }
        return gauge.most
    }

    @Test("fail immediately when their task is cancelled during a delay")
    func cancellation() async {
        let caller = ServiceCaller(
            http: HTTPClient(), policy: RetryPolicy(attempts: 4, base: 3600, maxDelay: 3600), jitter: { 1 })
        let task = Task { await call(caller, [.transient(retryAfter: nil), nil]) }
        #expect(await eventually { caller.statistics.total.retries == 1 })
        task.cancel()
        #expect(await task.value == .failure(Failed(attempt: 1)))
    }
}

extension ServiceCaller {
    fileprivate func result<Answer, Failure: Error>(
        _ name: OutgoingCall, attempt: () async -> AttemptResult<Answer, Failure>
    ) async -> Result<Answer, Failure> {
        do throws(Failure) { return .success(try await call(name, attempt: attempt)) } catch {
            return .failure(error)
        }
    }
}

@Suite("The concurrency limit")
struct ConcurrencyLimitTests {
    @Test("is halved once for each burst of throttles, never below one, and rises again with successes")
    func shape() {
        let limit = ConcurrencyLimit()
        #expect(limit.current == 16)
        let burst = limit.reductions
        for _ in 0..<10 { limit.reduce(since: burst) }
        #expect(limit.current == 8)
        for _ in 0..<10 { limit.reduce(since: limit.reductions) }
        #expect(limit.current == 1)
        #expect(limit.lowest == 1)
        limit.increase()
        #expect(limit.current == 2)
        for _ in 0..<200 { limit.increase() }
        #expect(limit.current == 16)
    }

    @Test("admits waiting calls in order, and ends the wait of a cancelled task")
    func waiting() async {
        let limit = ConcurrencyLimit()
        for _ in 0..<ConcurrencyLimit.standard { #expect(await limit.acquire()) }
        let cancelled = Task { await limit.acquire() }
        let patient = Task { await limit.acquire() }
        cancelled.cancel()
        #expect(await cancelled.value == false)
        limit.release()
        #expect(await patient.value)
    }
}

@Suite("Retry-After")
struct RetryAfterTests {
    private func seconds(_ value: String?) -> TimeInterval? {
        HTTPResponse(status: 503, headers: value.map { ["retry-after": $0] } ?? [:], body: [])
            .retryAfter(now: Date(timeIntervalSince1970: 784_111_777 - 30))
    }

    @Test("is read as seconds and as a date, and any other value is ignored")
    func forms() {
        #expect(seconds("120") == 120)
        #expect(seconds("1.5") == 1.5)
        #expect(seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 30)
        #expect(seconds("Sun, 06 Nov 1994 08:40:00 GMT") == 0, "in the past")
        for odd in [nil, "", "soon", "nan", "inf", "Sun, 06 Nov 1994", "Sun, 6 Brumaire 1994 08:49:37 GMT"] {
            #expect(seconds(odd) == nil, "\(odd ?? "none")")
        }
        #expect(seconds("-5") == 0)
    }
}
