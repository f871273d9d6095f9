package import Domain

/// A call of this iteration that failed, and its subject.
package struct FailedCall: Error, Sendable {
    package let subject: CallSubject
    package let failure: ServiceFailure

    package init(_ kind: CallSubject.Kind, _ name: String, _ failure: ServiceFailure) {
        subject = CallSubject(kind, name)
        self.failure = failure
    }
}
