package import FoundationEssentials

/// A failed call of the last iteration.
package struct CallFailure: Hashable, Codable, Sendable {
    package let subject: CallSubject
    package let code: String
    package let message: String
    package let at: Date

    package init(subject: CallSubject, code: String, message: String, at: Date) {
        self.subject = subject
        self.code = code
        self.message = message
        self.at = at
    }
}
