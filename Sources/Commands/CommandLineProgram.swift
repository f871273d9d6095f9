import ArgumentParser
import Platform

/// The program `aws-provisioner`.
package enum CommandLineProgram {
    /// Runs the command that the arguments name, and ends the process on a failure.
    package static func run() {
        do {
            // Commands hold the encryption key and credentials in memory.
            try ProcessLimits.preventCoreFiles()
            try EmptyArgument.refuse(in: Array(CommandLine.arguments.dropFirst()))
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

    private static func run(_ command: some AsyncParsableCommand & SendableMetatype) throws {
        // The main thread waits while the command runs.
        nonisolated(unsafe) var command = command
        let result: Result<Void, any Error> = MainThread.wait {
            do {
                return .success(try await command.run())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
