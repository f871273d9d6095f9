import Dispatch
package import FoundationEssentials
import Synchronization

/// Sends concurrent requests on one thread, through libcurl's multi interface.
///
/// Certificates are always verified, redirects are never followed, and no request continues after the deadline.
package final class HTTPClient: Sendable {
    /// The time at which all requests end.
    package let deadline: Date
    /// Default timeout of an exchange in seconds.
    package let timeout: TimeInterval
    /// The maximum number of connections to one host. They stay open between requests.
    private let connectionsPerHost: Int
    private let queue = DispatchQueue(label: "http")
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var lastId = 0
        var pending: [Transfer] = []
        var cancelled: Set<Int> = []
        /// Keeps connections open between requests, and wakes the queue.
        nonisolated(unsafe) var multi: Curl.Multi?
        /// Whether `run` is on the queue.
        var isRunning = false
    }

    package init(
        deadline: Date = .distantFuture, timeout: TimeInterval = 30, connectionsPerHost: Int = 16
    ) {
        self.connectionsPerHost = connectionsPerHost
        self.deadline = deadline
        self.timeout = timeout
    }

    deinit {
        // The work on the queue retains the client, so that no transfer is active here.
        if let curl = try? Curl.load() {
            state.withLock { state in
                if let multi = state.multi { curl.free(multi: multi) }
                state.multi = nil
            }
        }
    }

    /// Sends a request and returns its response. Cancelling the task ends the transfer.
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
            if state.multi == nil { state.multi = curl.makeMulti(connectionsPerHost: connectionsPerHost) }
            guard let multi = state.multi else {
                return { transfer.end(.failure(.unavailable("libcurl cannot create a multi handle"))) }
            }
            state.pending.append(transfer)
            if state.isRunning {
                curl.wake(multi)
                return nil
            }
            state.isRunning = true
            nonisolated(unsafe) let handle = multi
            return { self.queue.async { self.run(curl, handle) } }
        }
        start?()
    }

    private func cancel(_ id: Int, _ curl: Curl) {
        state.withLock { state in
            state.cancelled.insert(id)
            if let multi = state.multi { curl.wake(multi) }
        }
    }

    /// Runs on the client's queue until no transfer is pending or active.
    private func run(_ curl: Curl, _ multi: Curl.Multi) {
        var active: [Curl.Easy: Transfer] = [:]
        while true {
            let (pending, cancelled) = state.withLock { state in
                defer {
                    state.pending = []
                    state.cancelled = []
                }
                state.isRunning = !state.pending.isEmpty || !active.isEmpty
                return (state.pending, state.cancelled)
            }
            if pending.isEmpty && active.isEmpty { return }
            for transfer in pending {
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
            for (easy, result) in curl.perform(multi, milliseconds: 1000) {
                curl.remove(easy, from: multi)
                active.removeValue(forKey: easy)?.end(result)
            }
        }
    }
}
