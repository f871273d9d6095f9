import ArgumentParser
import Platform

/// Runs a command that waits for others. Its type is opened, or the synchronous `run` would be the one called.
func run(_ command: some AsyncParsableCommand) async throws {
    var command = command
    try await command.run()
}

do {
    // Commands hold the encryption key and credentials in memory.
    try ProcessLimits.preventCoreFiles()
    var command = try Provisioner.parseAsRoot()
    if let command = command as? any AsyncParsableCommand {
        try await run(command)
    } else {
        try command.run()
    }
} catch {
    CommandFailure.exit(with: error)
}
