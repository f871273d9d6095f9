/// The Taskcluster Queue calls that an iteration makes.
package protocol TaskQueue: Sendable {
    /// Reads the number of pending tasks of a worker type. Throws a `ServiceFailure`.
    func pendingTasks(provisionerId: String, workerType: String) async throws -> Int

    /// Reads the numbers of pending and claimed tasks of a worker type. Throws a `ServiceFailure`.
    ///
    /// - Returns: nil where the Queue does not offer them to this client.
    func taskCounts(provisionerId: String, workerType: String) async throws -> TaskCounts?
}

extension TaskQueue {
    /// Returns nil: a Queue without claimed tasks.
    package func taskCounts(provisionerId: String, workerType: String) async throws -> TaskCounts? { nil }
}
