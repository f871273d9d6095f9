import Foundation
import Platform
import Synchronization

/// A process that a test starts, and that is reaped as soon as it ends.
///
/// Not by Foundation's `Process`: a child that is started beside another may keep the file that tells it of the other's
/// end, and then nobody learns of that while the first one runs; and a child blocks the signals that the thread which
/// starts it blocks, so that a server does not hear that it should end.
final class ChildProcess: Sendable {
    private struct State {
        /// As `waitpid` tells it.
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let identifier: pid_t
    private let state = Mutex(State())

    init(_ start: ProcessLauncher) throws {
        // Apache ends its whole group with itself: that is not to be the tests' own.
        var start = start
        start.leadsGroup = true
        identifier = try start.start()
        Thread.detachNewThread { [self] in reap() }
    }

    /// Sends it a signal, if it still runs.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { kill(identifier, number) }
        }
    }

    /// Waits for its end.
    ///
    /// - Returns: the status as `waitpid` tells it.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits for the end first and reaps after it, so that no signal goes to another process of the same number.
    private func reap() {
        var ended = siginfo_t()
        while waitid(P_PID, id_t(identifier), &ended, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (status, waiting) = state.withLock { state in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            state.status = status
            return (status, state.waiting)
        }
        waiting.forEach { $0.resume(returning: status) }
    }
}
