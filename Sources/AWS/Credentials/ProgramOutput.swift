import FoundationEssentials
import Subprocess
import SystemPackage

/// The output of a program that ran within limits of time and length.
enum ProgramOutput {
    enum Failure: Error, CustomStringConvertible {
        case notStarted(String)
        /// - Parameter errors: its standard error, which may contain secrets.
        case exited(Int32, errors: [UInt8])
        case killed(signal: Int32, errors: [UInt8])
        case timedOut
        case tooLong(limit: Int)

        var description: String {
            switch self {
            case .notStarted(let reason): "it cannot be started: \(reason)"
            case .exited(let status, _): "it ended with exit code \(status)"
            case .killed(let signal, _): "signal \(signal) ended it"
            case .timedOut: "it did not end in time"
            case .tooLong(let limit): "it printed more than \(limit) bytes"
            }
        }
    }

    /// Runs a program and returns its standard output.
    ///
    /// - Parameters:
    ///   - arguments: the program, looked up in `PATH`, and its arguments.
    ///   - timeout: seconds. At the timeout the program's process group is killed.
    ///   - limit: the maximum length of standard output, and of standard error. Bytes.
    static func of(
        _ arguments: [String], environment: [String: String], timeout: TimeInterval, limit: Int
    ) async throws -> [UInt8] {
        guard let program = arguments.first else { throw Failure.notStarted("the command line is empty") }
        var options = PlatformOptions()
        // A signal to the group reaches the processes that the program starts.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        let configuration = Configuration(
            executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(Array(arguments.dropFirst())),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0.key), $0.value) })
            ),
            platformOptions: options)
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await output(of: configuration, limit: limit) }
            group.addTask {
                try await Task.sleep(for: .seconds(timeout))
                throw Failure.timedOut
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private static func output(of configuration: Configuration, limit: Int) async throws -> [UInt8] {
        do {
            let result = try await run(
                configuration, input: .none, output: .bytes(limit: limit), error: .bytes(limit: limit))
            switch result.terminationStatus {
            case .exited(0): return result.standardOutput
            case .exited(let status): throw Failure.exited(status, errors: result.standardError)
            case .signaled(let signal): throw Failure.killed(signal: signal, errors: result.standardError)
            }
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw Failure.tooLong(limit: limit)
        } catch let error as SubprocessError where [.spawnFailed, .executableNotFound].contains(error.code) {
            throw Failure.notStarted(error.underlyingError?.description ?? "there is no such program")
        }
    }
}
