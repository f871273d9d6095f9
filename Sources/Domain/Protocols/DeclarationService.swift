package import FoundationEssentials

/// The Queue's methods `declareProvisioner` and `declareWorkerType`.
package protocol DeclarationService: Sendable {
    /// Sends a declaration once, without retries. Throws a `ServiceFailure`; `notFound` means that the Queue does not
    /// have the method.
    ///
    /// - Parameter expires: the time until which the Queue shows the declaration.
    func declare(_ declaration: QueueDeclaration, provisionerId: String, expires: Date) async throws
}
