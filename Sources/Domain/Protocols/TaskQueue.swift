/// The Taskcluster Queue calls that an iteration makes.
package protocol TaskQueue: Sendable {
    /// Reads the number of pending tasks of a worker type. Throws a `ServiceFailure`.
    func pendingTasks(provisionerId: String, workerType: String) async throws -> Int
}
