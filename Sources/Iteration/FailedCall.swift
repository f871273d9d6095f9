public import Domain

/// A call of this iteration that failed, and its subject.
public struct FailedCall: Error, Sendable {
    public let subject: CallSubject
    public let failure: ServiceFailure

    public init(_ kind: CallSubject.Kind, _ name: String, _ failure: ServiceFailure) {
        subject = CallSubject(kind, name)
        self.failure = failure
    }
}
