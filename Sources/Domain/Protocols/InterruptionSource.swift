/// The queue of EC2's interruption notices.
package protocol InterruptionSource: Sendable {
    /// Receives some messages, or none. A message that is not deleted is received again. Throws a `ServiceFailure`.
    func receive() async throws -> [InterruptionMessage]

    /// Deletes messages by their handles. Throws a `ServiceFailure`.
    func delete(_ handles: [String]) async throws
}
