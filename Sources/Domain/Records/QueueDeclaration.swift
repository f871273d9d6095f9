/// The metadata of the provisioner or of a worker type that the Queue shows to its users.
package struct QueueDeclaration: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case provisioner
        case workerType(String)
    }

    package let subject: Subject
    package let description: String

    /// One of `experimental`, `stable` and `deprecated`.
    package static let stability = "stable"

    package init(_ subject: Subject, description: String) {
        self.subject = subject
        self.description = description
    }
}
