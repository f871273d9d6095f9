import Dispatch
package import FoundationEssentials
import Synchronization

/// Sends any number of requests at the same time, from one thread, by libcurl's multi interface.
///
/// Certificates are always verified, redirects are never followed, and no request outlives the deadline.
package final class HTTPClient: Sendable {
    /// No request is under way after it.
    package let deadline: Date
    /// Seconds that an exchange may take, unless its request says otherwise.
    package let timeout: TimeInterval
    private let queue = DispatchQueue(label: "http")
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var lastId = 0
        var waiting: [Transfer] = []
        var cancelled: Set<Int> = []
        /// Holds the connections open between requests; also what wakes the queue.
        nonisolated(unsafe) var multi: Curl.Multi?
        /// Whether the queue is at work.
        var turning = false
    }

    package init(deadline: Date = .distantFuture, timeout: TimeInterval = 30) {
        self.deadline = deadline
        self.timeout = timeout
    }

    deinit {
        // The queue's work holds the client: nothing is under way here.
        if let curl = try? Curl.load() {
            state.withLock { state in
                if let multi = state.multi { curl.free(multi: multi) }
                state.multi = nil
            }
        }
    }

    /// Sends a request and waits for the answer. Cancelling the task ends the transfer.
    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let curl = try Curl.load()
        let id = state.withLock { state in
            state.lastId += 1
            return state.lastId
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(
                    Transfer(id: id, request, deadline: deadline, curl: curl) {
                        continuation.resume(returning: $0)
                    },
                    curl)
                if Task.isCancelled { cancel(id, curl) }
            }
        } onCancel: {
            cancel(id, curl)
        }
        return try outcome.get()
    }

    private func submit(_ transfer: Transfer, _ curl: Curl) {
        let start = state.withLock { state -> (() -> Void)? in
            if state.multi == nil { state.multi = curl.makeMulti() }
            guard let multi = state.multi else {
                return { transfer.end(.failure(.unavailable("libcurl has no handle to give"))) }
            }
            state.waiting.append(transfer)
            if state.turning {
                curl.wake(multi)
                return nil
            }
            state.turning = true
            nonisolated(unsafe) let handle = multi
            return { self.queue.async { self.turn(curl, handle) } }
        }
        start?()
    }

    private func cancel(_ id: Int, _ curl: Curl) {
        state.withLock { state in
            state.cancelled.insert(id)
            if let multi = state.multi { curl.wake(multi) }
        }
    }

    /// Runs on the client's queue while there is anything to do.
    private func turn(_ curl: Curl, _ multi: Curl.Multi) {
        var active: [Curl.Easy: Transfer] = [:]
        while true {
            let (waiting, cancelled) = state.withLock { state in
                defer {
                    state.waiting = []
                    state.cancelled = []
                }
                state.turning = !state.waiting.isEmpty || !active.isEmpty
                return (state.waiting, state.cancelled)
            }
            if waiting.isEmpty && active.isEmpty { return }
            for transfer in waiting {
                if cancelled.contains(transfer.id) {
                    transfer.end(.failure(.cancelled))
                } else if let easy = transfer.start(now: Date(), timeout: timeout), curl.add(easy, to: multi)
                {
                    active[easy] = transfer
                } else {
                    transfer.end(.failure(.timedOut))
                }
            }
            for (easy, transfer) in active where cancelled.contains(transfer.id) {
                curl.remove(easy, from: multi)
                active[easy] = nil
                transfer.end(.failure(.cancelled))
            }
            for (easy, result) in curl.turn(multi, milliseconds: 1000) {
                curl.remove(easy, from: multi)
                active.removeValue(forKey: easy)?.end(result)
            }
        }
    }
}
