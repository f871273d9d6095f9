import ArgumentParser
import Dispatch
import Platform

/// The program `aws-provisioner`.
package enum CommandLineProgram {
    /// Runs the command that the arguments name, and ends the process on a failure.
    package static func run() {
        do {
            // Commands hold the encryption key and credentials in memory.
            try ProcessLimits.preventCoreFiles()
            var command = try Provisioner.parseAsRoot()
            if let command = command as? any AsyncParsableCommand {
                try run(command)
            } else {
                try command.run()
            }
        } catch {
            CommandFailure.exit(with: error)
        }
    }

    /// Runs an asynchronous command while the main thread waits for its end.
    ///
    /// `await` at the top level would end the main thread. The system shows a process with the user of its main thread,
    /// which then stays root after the process became the service user.
    private static func run(_ command: some AsyncParsableCommand & SendableMetatype) throws {
        // The semaphore orders all uses of both: this thread waits while the task runs.
        nonisolated(unsafe) var command = command
        nonisolated(unsafe) var result: Result<Void, any Error> = .success(())
        let end = DispatchSemaphore(value: 0)
        let work: @Sendable () async -> Void = {
            do {
                try await command.run()
            } catch {
                result = .failure(error)
            }
            end.signal()
        }
        Task.detached(operation: work)
        end.wait()
        try result.get()
    }
}
