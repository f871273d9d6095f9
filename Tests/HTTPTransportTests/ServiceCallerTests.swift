import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTPTransport

/// What a test's calls meet: time that passes only by waiting, and jitter that is always all of its bound.
private final class Surroundings: Sendable {
    let now = Mutex(Date.start)
    let waits = Mutex<[TimeInterval]>([])

    func caller(
        deadline: Date = .distantFuture, budget: Int = 500, attempts: Int = 4, jitter: Double = 1
    ) -> ServiceCaller {
        ServiceCaller(
            http: HTTPClient(deadline: deadline),
            policy: RetryPolicy(attempts: attempts, base: 1, throttledBase: 2, longest: 30), budget: budget,
            clock: { self.now.withLock { $0 } }, jitter: { jitter },
            sleep: { seconds in
                self.waits.withLock { $0.append(seconds) }
                self.now.withLock { $0 += seconds }
            })
    }
}

private struct Failed: Error, Equatable { let attempt: Int }

private let describe = OutgoingCall(service: "ec2", action: "Describe", region: "us-east-1")

/// Makes a call whose attempts come out one after another as listed; nil is an answer.
private func call(
    _ caller: ServiceCaller, _ troubles: [RetryReason?], _ name: OutgoingCall = describe
) async -> Result<Int, Failed> {
    var attempt = 0
    do throws(Failed) {
        return .success(
            try await caller.call(name) { () -> AttemptResult<Int, Failed> in
                attempt += 1
                guard let trouble = troubles[attempt - 1] else { return .answered(attempt) }
                return .failed(Failed(attempt: attempt), trouble)
            })
    } catch { return .failure(error) }
}

/// How many calls are under way at the same time.
private final class Gauge: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock(\.most) }

    func pass(_ caller: ServiceCaller, _ name: OutgoingCall, expected: Int) async {
        // It fails for good: an answer would change the limit.
        let _: Result<Int, Failed> = await caller.result(name) {
            counts.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            // All that may be under way come, and any that may not would.
            _ = await eventually { most >= expected }
            for _ in 0..<100 { await Task.yield() }
            counts.withLock { $0.now -= 1 }
            return .failed(Failed(attempt: 1), nil)
        }
    }
}

@Suite("Calls to a service")
struct ServiceCallerTests {
    private let surroundings = Surroundings()

    @Test("are made again after trouble, waiting longer each time, and longest where they came too fast")
    func retries() async {
        let caller = surroundings.caller()
        let transient = RetryReason.transient(retryAfter: nil)
        let throttled = RetryReason.throttled(retryAfter: nil)
        #expect(await call(caller, [transient, transient, transient, nil]) == .success(4))
        #expect(surroundings.waits.withLock { $0 } == [1, 2, 4])
        #expect(await call(caller, [throttled, transient, nil]) == .success(3))
        #expect(surroundings.waits.withLock { $0 }.suffix(2) == [2, 2])
        #expect(
            await call(caller, [transient, transient, transient, transient]) == .failure(Failed(attempt: 4)))
    }

    @Test("that fail for good are made once")
    func finalFailure() async {
        let failed =
            await surroundings.caller().result(describe) {
                () -> AttemptResult<Int, Failed> in .failed(Failed(attempt: 1), nil)
            } as Result<Int, Failed>
        #expect(failed == .failure(Failed(attempt: 1)))
        #expect(surroundings.waits.withLock { $0 }.isEmpty)
    }

    @Test("wait as long as the server asks, but neither past the deadline nor longer than a minute")
    func retryAfter() async {
        let asked = RetryReason.throttled(retryAfter: 20)
        #expect(await call(surroundings.caller(), [asked, nil]) == .success(2))
        #expect(surroundings.waits.withLock { $0 } == [20])
        let late = surroundings.caller(deadline: .start.addingTimeInterval(35))
        #expect(await call(late, [asked, nil]) == .failure(Failed(attempt: 1)))
        #expect(
            await call(surroundings.caller(), [.throttled(retryAfter: 61), nil])
                == .failure(Failed(attempt: 1)))
    }

    @Test("share one budget of retries, whatever they call; successes fill it again")
    func budget() async {
        let caller = surroundings.caller(budget: 25, attempts: 10)
        let transient = RetryReason.transient(retryAfter: nil)
        let queue = OutgoingCall(service: "queue", action: "pendingTasks")
        let down = [RetryReason?](repeating: transient, count: 10)
        #expect(await call(caller, down) == .failure(Failed(attempt: 3)), "two retries at 10 each")
        #expect(await call(caller, down, queue) == .failure(Failed(attempt: 1)))
        #expect(caller.counts.refusedByBudget == 2)
        for _ in 0..<5 { #expect(await call(caller, [nil], queue) == .success(1)) }
        #expect(await call(caller, [transient, nil]) == .success(2), "five successes paid for one retry")
        #expect(await call(caller, [transient, nil]) == .success(2), "which gave back what it had cost")
    }

    @Test("are counted by service, action and region")
    func counts() async {
        let caller = surroundings.caller()
        _ = await call(caller, [.throttled(retryAfter: nil), .transient(retryAfter: nil), nil])
        _ = await call(caller, [nil])
        let other = OutgoingCall(service: "ec2", action: "Describe", region: "eu-west-1")
        _ = await call(caller, [nil], other)
        let counts = caller.counts
        #expect(
            counts.lines[describe]
                == CallCounts.Line(calls: 4, retries: 2, throttles: 1, secondsWaited: 4))
        #expect(counts.lines[other] == CallCounts.Line(calls: 1))
        #expect(counts.total.calls == 5)
    }

    @Test("to a throttled region are fewer at once, those to another region are not")
    func pace() async {
        let caller = surroundings.caller()
        let throttled = RetryReason.throttled(retryAfter: nil)
        for _ in 0..<3 { _ = await call(caller, [throttled, nil]) }
        let other = OutgoingCall(service: "ec2", action: "Describe", region: "eu-west-1")
        #expect(await most(caller, describe, expected: 2) == 2)
        #expect(
            await most(caller, other, expected: ConcurrencyLimit.most) == ConcurrencyLimit.most)
        #expect(caller.counts.slowed == [CallCounts.Place(service: "ec2", region: "us-east-1"): 2])
    }

    /// How many of 40 calls are under way at the same time.
    private func most(_ caller: ServiceCaller, _ name: OutgoingCall, expected: Int) async -> Int {
        let gauge = Gauge()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { await gauge.pass(caller, name, expected: expected) } }
        }
        return gauge.most
    }

    @Test("give up at once when their task is cancelled while they wait")
    func cancellation() async {
        let caller = ServiceCaller(
            http: HTTPClient(), policy: RetryPolicy(attempts: 4, base: 3600, longest: 3600), jitter: { 1 })
        let task = Task { await call(caller, [.transient(retryAfter: nil), nil]) }
        #expect(await eventually { caller.counts.total.retries == 1 })
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

@Suite("The number of calls at once")
struct ConcurrencyLimitTests {
    @Test("is halved once for a burst, never below one, and grows again by one a round")
    func shape() {
        let limit = ConcurrencyLimit()
        #expect(limit.current == 16)
        let burst = limit.cuts
        for _ in 0..<10 { limit.shrink(knowing: burst) }
        #expect(limit.current == 8)
        for _ in 0..<10 { limit.shrink(knowing: limit.cuts) }
        #expect(limit.current == 1)
        #expect(limit.lowest == 1)
        limit.grow()
        #expect(limit.current == 2)
        for _ in 0..<200 { limit.grow() }
        #expect(limit.current == 16)
    }

    @Test("lets those that wait in, in their order, and those go that are cancelled")
    func waiting() async {
        let limit = ConcurrencyLimit()
        for _ in 0..<ConcurrencyLimit.most { #expect(await limit.acquire()) }
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

    @Test("is read as seconds and as a date, and nothing else is")
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
