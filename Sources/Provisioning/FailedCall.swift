package import Domain

/// A call of this iteration that failed, and its subject.
package struct FailedCall: Error, Sendable {
    /// `region us-east-1`, `queue alpha`, `terminate us-east-1` and so on.
    package let subject: String
    package let failure: ServiceFailure

    package init(_ subject: String, _ failure: ServiceFailure) {
        self.subject = subject
        self.failure = failure
    }
}
