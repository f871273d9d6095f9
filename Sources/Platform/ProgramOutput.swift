package import FoundationEssentials
import Subprocess
import SystemPackage

/// The output of a program that ran within limits of time and length.
package enum ProgramOutput {
    package enum Failure: Error, CustomStringConvertible {
        case notStarted(String)
        /// - Parameter errors: its standard error, which may contain secrets.
        case exited(Int32, errors: [UInt8])
        case killed(signal: Int32, errors: [UInt8])
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

    /// Runs a program and returns its standard output.
    ///
    /// - Parameters:
    ///   - arguments: the program, looked up in `PATH`, and its arguments.
    ///   - input: the program's standard input, which the program need not read; nil for none.
    ///   - timeout: seconds. At the timeout the program's process group is killed.
    ///   - limit: the maximum length of standard output, and of standard error. Bytes.
    package static func of(
        _ arguments: [String], environment: [String: String], input: [UInt8]? = nil, timeout: TimeInterval,
        limit: Int
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
            group.addTask {
                guard let input else {
                    return try await output(of: configuration, input: .none, limit: limit)
                }
                let file = try MemoryFile.make(containing: input)
                defer { try? file.close() }
                return try await output(
                    of: configuration, input: .fileDescriptor(file, closeAfterSpawningProcess: false),
                    limit: limit)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(timeout))
                throw Failure.timedOut
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private static func output(
        of configuration: Configuration, input: some InputProtocol, limit: Int
    ) async throws -> [UInt8] {
        do {
            let result = try await run(
                configuration, input: input, output: .bytes(limit: limit), error: .bytes(limit: limit))
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
