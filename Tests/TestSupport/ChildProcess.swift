import Foundation
import Platform
import Synchronization

/// A process that a test starts. It is reaped when it ends.
///
/// Foundation's `Process` has two problems: a child can inherit the file descriptor that signals the end of another child,
/// so that this end is not noticed; and a child inherits the signal mask of its thread, so that a server ignores SIGTERM.
final class ChildProcess: Sendable {
    private struct State {
        /// The status of `waitpid`.
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let identifier: pid_t
    private let state = Mutex(State())

    init(_ start: ProcessLauncher) throws {
        // Apache terminates its process group at its end, which must not contain the tests.
        var start = start
        start.leadsGroup = true
        identifier = try start.start()
        Thread.detachNewThread { [self] in reap() }
    }

    /// Sends a signal if the process still runs.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { kill(identifier, number) }
        }
    }

    /// Waits for the end of the process.
    ///
    /// - Returns: the status of `waitpid`.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits for the end, and reaps the process under the lock, so that `signal` never reaches a new process with its id.
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
