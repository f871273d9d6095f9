import ArgumentParser

/// The name of a worker type on the command line. The shell completes it from the database.
struct WorkerTypeArgument: ExpressibleByArgument, Sendable {
    let name: String

    /// Returns nil for an empty name.
    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        name = argument
    }

    static var defaultCompletionKind: CompletionKind { .workerTypes }
}
