package import Formats
package import FoundationEssentials

/// A recorded change, with its author.
package struct AuditEntry: Hashable, Sendable {
    package enum Action: String, Sendable {
        case created, updated, removed, terminated, cancelled, restored, paused, resumed
    }

    package enum Kind: String, Sendable {
        case workerType = "worker type"
        case client
        case instance
        case spotRequest = "spot request"
        case database
        case secret
        case region
        case instanceType = "instance type"
    }

    package let id: Int64
    package let at: Date
    package let author: Author
    package let action: Action
    package let kind: Kind
    /// The name or id of the changed object; for a secret the first digits of its token's hash.
    package let subject: String
    /// The worker type of the subject.
    package let workerType: String?
    /// The subject before the change, without the values of secrets; nil for a created subject.
    package let before: JSONValue?
    /// The subject after the change, without the values of secrets; nil for a removed subject.
    package let after: JSONValue?
    package let note: String?

    package init(
        id: Int64, at: Date, author: Author, action: Action, kind: Kind, subject: String, workerType: String?,
        before: JSONValue?, after: JSONValue?, note: String?
    ) {
        self.id = id
        self.at = at
        self.author = author
        self.action = action
        self.kind = kind
        self.subject = subject
        self.workerType = workerType
        self.before = before
        self.after = after
        self.note = note
    }

    /// The differences between before and after, without the values of secrets.
    package var differences: [JSONDifference] {
        guard let before, let after else { return [] }
        return JSONDifference.between(before, after)
    }
}
