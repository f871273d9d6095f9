import Dispatch
package import FoundationEssentials
import Glibc

/// Runs a program for its output, with limits of time and length.
package enum ChildProcess {
    package enum Failure: Error, CustomStringConvertible {
        case notStarted(String)
        /// - Parameter errors: the beginning of its standard error.
        case exited(Int32, errors: [UInt8] = [])
        case killed(signal: Int32, errors: [UInt8] = [])
        case timedOut
        case tooLong(limit: Int)

        package var description: String {
            switch self {
            case .notStarted(let reason): "it cannot be started: \(reason)"
            case .exited(let status, _): "it ended with exit code \(status)"
            case .killed(let signal, _): "signal \(signal) ended it"
            case .timedOut: "it did not end in time"
            case .tooLong(let limit): "it printed more than \(limit) bytes"
            }
        }
    }

    /// Runs a program and returns its standard output. The failure of a program contains the beginning of its standard
    /// error, which may contain secrets.
    ///
    /// - Parameters:
    ///   - arguments: the program, looked up in `PATH`, and its arguments.
    ///   - timeout: seconds. At the timeout the program's process group is killed.
    ///   - limit: the maximum length of the output in bytes.
    package static func output(
        of arguments: [String], environment: [String: String], timeout: TimeInterval, limit: Int
    ) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            // Waiting must not block a thread of the concurrency pool.
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try run(arguments, environment, end: .now() + timeout, limit: limit)
                    })
            }
        }
    }

    private static func run(
        _ arguments: [String], _ environment: [String: String], end: DispatchTime, limit: Int
    ) throws -> [UInt8] {
        let (reading, writing) = try makePipe()
        defer { close(reading) }
        var errors = ErrorOutput()
        let child: pid_t
        do {
            defer { close(writing) }
            let (errorReading, errorWriting) = try makePipe()
            errors.file = errorReading
            defer { close(errorWriting) }
            do {
                child = try spawn(arguments, environment, output: writing, errors: errorWriting)
            } catch {
                close(errorReading)
                throw error
            }
        }
        defer { close(errors.file) }
        do {
            let output = try read(reading, &errors, end: end, limit: limit)
            try wait(for: child, &errors, end: end)
            return output
        } catch {
            // Processes that the program started may keep the pipe open.
            if let ended = error as? Ended { throw ended.failure }
            kill(-child, SIGKILL)
            var status: Int32 = 0
            waitpid(child, &status, 0)
            throw error
        }
    }

    /// The program ended by itself with a failure.
    private struct Ended: Error { let failure: Failure }

    /// The read end of the pipe of a program's standard error, and what arrived.
    private struct ErrorOutput {
        /// The number of bytes that are kept.
        private static let limit = 4096

        var file: Int32 = -1
        private(set) var bytes: [UInt8] = []

        /// Reads what has arrived, without waiting. A program that writes much must not wait for a reader.
        ///
        /// - Returns: whether more may arrive.
        mutating func drain() -> Bool {
            var chunk = [UInt8](repeating: 0, count: 4096)
            var event = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            while poll(&event, 1, 0) > 0 {
                let count = Glibc.read(file, &chunk, chunk.count)
                if count <= 0 { return false }
                bytes += chunk.prefix(count).prefix(Self.limit - bytes.count)
            }
            return true
        }
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw Failure.notStarted(String(cString: strerror(errno)))
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], output: Int32, errors: Int32
    ) throws -> pid_t {
        var launcher = ProcessLauncher(arguments, environment: environment)
        (launcher.input, launcher.output, launcher.errors) = (
            .none, .descriptor(output), .descriptor(errors)
        )
        // A signal to the group reaches the processes that the program starts.
        launcher.leadsGroup = true
        do {
            return try launcher.start()
        } catch {
            throw Failure.notStarted(error.description)
        }
    }

    /// Reads until the pipe is closed.
    private static func read(
        _ file: Int32, _ errors: inout ErrorOutput, end: DispatchTime, limit: Int
    ) throws -> [UInt8] {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        // poll ignores a negative descriptor: that of a pipe that the program closed.
        var errorFile = errors.file
        while true {
            var events = [
                pollfd(fd: file, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorFile, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&events, 2, milliseconds(until: end)) > 0 else {
                if errno == EINTR, DispatchTime.now() < end { continue }
                throw Failure.timedOut
            }
            if events[1].revents != 0, !errors.drain() { errorFile = -1 }
            if events[0].revents == 0 { continue }
            let count = Glibc.read(file, &chunk, chunk.count)
            if count <= 0 { return output }
            output += chunk.prefix(count)
            if output.count > limit { throw Failure.tooLong(limit: limit) }
        }
    }

    private static func wait(for child: pid_t, _ errors: inout ErrorOutput, end: DispatchTime) throws {
        var status: Int32 = 0
        while waitpid(child, &status, WNOHANG) == 0 {
            guard DispatchTime.now() < end else { throw Failure.timedOut }
            _ = errors.drain()
            usleep(2000)
        }
        _ = errors.drain()
        let signal = status & 0x7f
        if signal != 0 { throw Ended(failure: .killed(signal: signal, errors: errors.bytes)) }
        let code = (status >> 8) & 0xff
        if code != 0 { throw Ended(failure: .exited(code, errors: errors.bytes)) }
    }

    private static func milliseconds(until end: DispatchTime) -> Int32 {
        let now = DispatchTime.now().uptimeNanoseconds
        guard end.uptimeNanoseconds > now else { return 0 }
        return Int32(clamping: (end.uptimeNanoseconds - now) / 1_000_000 + 1)
    }
}
