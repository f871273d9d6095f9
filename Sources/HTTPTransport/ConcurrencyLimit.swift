import DequeModule
import Synchronization

/// The number of concurrent calls to one service in one region: halved after a throttle, and raised by one after as many
/// successful calls as the limit allows.
///
/// Each region has its own limit, so that a throttled region does not slow down others. AWS keeps a token bucket for each
/// account, region and kind of action (Amazon EC2 API Reference, "Request throttling"). Other programs of the account use
/// the same bucket, so that the limit cannot be computed.
final class ConcurrencyLimit: Sendable {
    /// The default of `maximum`.
    static let standard = 16

    /// The initial and highest limit.
    let maximum: Int

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var limit: Double
        var lowest: Int
        var active = 0
        var reductions = 0
        var lastId = 0
        var waiters: Deque<Waiter> = []
        /// Waiters that were cancelled before they joined the queue.
        var cancelled: Set<Int> = []

        mutating func admit() -> [Waiter] {
            let count = max(0, min(Int(limit) - active, waiters.count))
            defer { waiters.removeFirst(count) }
            active += count
            return Array(waiters.prefix(count))
        }
    }

    private let state: Mutex<State>

    init(maximum: Int = ConcurrencyLimit.standard) {
        self.maximum = maximum
        state = Mutex(State(limit: Double(maximum), lowest: maximum))
    }

    /// Waits until the limit admits one more call. Returns false, without admission, when the task is cancelled.
    func acquire() async -> Bool {
        let id = state.withLock { state -> Int? in
            if state.waiters.isEmpty, state.active < Int(state.limit) {
                state.active += 1
                return nil
            }
            state.lastId += 1
            return state.lastId
        }
        guard let id else { return true }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state -> Bool in
                    if state.cancelled.remove(id) != nil { return true }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
                // A call may have ended since the first check.
                change { _ in }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Ends an admitted call.
    func release() {
        change { $0.active -= 1 }
    }

    /// The number of reductions so far, for `reduce(since:)`.
    var reductions: Int { state.withLock(\.reductions) }

    var current: Int { state.withLock { Int($0.limit) } }

    /// The lowest limit so far.
    var lowest: Int { state.withLock(\.lowest) }

    /// Raises the limit after a successful call.
    func increase() {
        change { $0.limit = min(Double(maximum), $0.limit + 1 / $0.limit) }
    }

    /// Halves the limit after a throttled call. The calls of one burst halve it once.
    ///
    /// - Parameter reductions: the number of reductions when the call began.
    func reduce(since reductions: Int) {
        state.withLock { state in
            guard state.reductions == reductions else { return }
            state.reductions += 1
            state.limit = max(1, state.limit / 2)
            state.lowest = min(state.lowest, Int(state.limit))
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let admitted = state.withLock { state in
            body(&state)
            return state.admit()
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }
}
