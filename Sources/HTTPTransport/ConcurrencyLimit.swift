import Synchronization

/// How many calls to one service in one region may be under way at once: halved when the service says that they come
/// too fast, and grown by one for each round of calls that go well.
///
/// Each region has its own, so that one that is throttled slows itself down and not the others. AWS keeps a bucket of
/// tokens for each account, region and kind of action (Amazon EC2 API Reference, "Request throttling"); how full it is
/// depends on everybody in the account, which is why the limit is found out and not computed.
final class ConcurrencyLimit: Sendable {
    /// As many as libcurl opens connections to one host.
    static let most = 16

    private struct State {
        var limit = Double(ConcurrencyLimit.most)
        var lowest = ConcurrencyLimit.most
        var underWay = 0
        /// How often the limit was halved: calls begun before the last time say nothing about the limit since.
        var cuts = 0
        var lastId = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        /// Those cancelled before they came to wait.
        var cancelled: Set<Int> = []

        mutating func admit() -> [CheckedContinuation<Bool, Never>] {
            let free = max(0, min(Int(limit) - underWay, waiting.count))
            defer { waiting.removeFirst(free) }
            underWay += free
            return waiting.prefix(free).map(\.continuation)
        }
    }

    private let state = Mutex(State())

    /// Waits for a place among the calls under way. False, without a place, when the task is cancelled meanwhile.
    func acquire() async -> Bool {
        let id = state.withLock { state -> Int? in
            if state.waiting.isEmpty, state.underWay < Int(state.limit) {
                state.underWay += 1
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
                    state.waiting.append((id, continuation))
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
                // A place may have become free since it was asked for.
                change { _ in }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiting.remove(at: place).continuation
            }
            waiting?.resume(returning: false)
        }
    }

    /// Gives the place back.
    func release() {
        change { $0.underWay -= 1 }
    }

    /// How often the limit was halved so far: to be asked before a call, and handed to `shrink` after it.
    var cuts: Int { state.withLock(\.cuts) }

    /// The limit now.
    var current: Int { state.withLock { Int($0.limit) } }

    /// The least that the limit ever was.
    var lowest: Int { state.withLock(\.lowest) }

    /// A call went well.
    func grow() {
        change { $0.limit = min(Double(Self.most), $0.limit + 1 / $0.limit) }
    }

    /// A call came too fast. The calls of one burst halve the limit once.
    func shrink(knowing cuts: Int) {
        state.withLock { state in
            guard state.cuts == cuts else { return }
            state.cuts += 1
            state.limit = max(1, state.limit / 2)
            state.lowest = min(state.lowest, Int(state.limit))
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let admitted = state.withLock { state in
            body(&state)
            return state.admit()
        }
        admitted.forEach { $0.resume(returning: true) }
    }
}
