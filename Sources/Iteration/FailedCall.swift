public import Domain

/// A call of this iteration that failed, and its subject.
public struct FailedCall: Error, Sendable {
    /// `region us-east-1`, `queue alpha`, `terminate us-east-1` and so on.
    public let subject: String
    public let failure: ServiceFailure

    public init(_ subject: String, _ failure: ServiceFailure) {
        self.subject = subject
        self.failure = failure
    }
}
