import Foundation
import Synchronization

/// A process that a test starts. It gets three files of ours and no more, no signal is blocked or ignored in it, and it is
/// reaped as soon as it ends.
///
/// Foundation's `Process` promises none of that. A child that is started beside another may keep the file that tells
/// the other's end, and then nobody learns of it while the first one runs; and it blocks the signals that the thread
/// blocks which starts it, so that a server does not hear that it should end.
final class ChildProcess: Sendable {
    /// Where one of a child's first three files comes from.
    enum Stream {
        case file(String)
        /// A file that is open here.
        case open(Int32)
        /// The one that the test process has itself.
        case inherited
    }

    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        /// As `waitpid` tells it.
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let identifier: pid_t
    private let state = Mutex(State())

    init(
        _ program: String, _ arguments: [String], environment: [String: String], input: Stream,
        output: Stream,
        errors: Stream
    ) throws {
        identifier = try Self.spawn(
            [program] + arguments, environment, [(input, O_RDONLY), (output, O_WRONLY), (errors, O_WRONLY)])
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

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ streams: [(Stream, Int32)]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, (stream, mode)) in streams.enumerated() {
            switch stream {
            case .file(let path):
                posix_spawn_file_actions_addopen(&actions, Int32(number), path, mode, 0)
            case .open(let file): posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
            case .inherited: break
            }
        }
        // What is closed meanwhile is no error.
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            if let file = Int32(name), file >= streams.count {
                posix_spawn_file_actions_addclose(&actions, file)
            }
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, words[0], &actions, &attributes, &arguments, &variables)
        guard result == 0 else {
            throw NotStarted(description: "\(words[0]): \(String(cString: strerror(result)))")
        }
        return child
    }
}
