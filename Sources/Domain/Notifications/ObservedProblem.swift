/// A problem that an iteration found, with its subject.
package struct ObservedProblem: Hashable, Sendable {
    /// The part of an iteration that finds a problem.
    package enum Kind: String, Sendable { case decision, call, warning }

    /// Identifies a problem in all iterations.
    package struct Identity: Hashable, Sendable {
        package let subject: ProblemSubject
        package let kind: Kind
        /// Identifies the problem among those of its subject and kind.
        package let code: String

        package init(subject: ProblemSubject, _ kind: Kind, code: String) {
            self.subject = subject
            self.kind = kind
            self.code = code
        }
    }

    package let identity: Identity
    package let text: String
    /// The owner of the worker type; empty for other subjects.
    package let owner: String

    package var subject: ProblemSubject { identity.subject }

    package init(_ identity: Identity, text: String, owner: String = "") {
        self.identity = identity
        self.text = text
        self.owner = owner
    }

    /// A problem of a decision.
    package init(_ problem: Problem, of workerType: String, owner: String) {
        self.init(
            Identity(
                subject: .workerType(workerType), .decision, code: Self.invariantPart(of: problem.description)
            ),
            text: problem.description, owner: owner)
    }

    /// A warning of an iteration.
    package init(warning: String) {
        self.init(
            Identity(subject: .deployment, .warning, code: Self.invariantPart(of: warning)), text: warning)
    }

    /// A failed call. Calls of one kind and subject are one problem, whatever the failure is.
    package init(_ call: CallSubject, _ failure: ServiceFailure) {
        let subject: ProblemSubject =
            switch call.kind {
            case .region, .prices, .keyPair, .launch: .region(call.name)
            case .workerType, .queue: .workerType(call.name)
            case .interruptionQueue, .terminate, .cancel, .tag: .deployment
            }
        self.init(
            Identity(subject: subject, .call, code: call.kind.rawValue),
            text: "\(call): \(failure.code): \(ServiceFailure.brief(failure.message))")
    }

    /// A text without the parts that differ between iterations: digits, and ids of EC2's resources.
    static func invariantPart(of text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false)
            .filter { !isResourceId($0.utf8) }.joined(separator: " ")
            .filter { !($0.isASCII && $0.isNumber) }
    }

    /// Whether a word is an id such as `i-0123456789abcdef0`, with punctuation around it or without.
    private static func isResourceId(_ word: Substring.UTF8View) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
        guard let dash = word.lastIndex(of: UInt8(ascii: "-")), dash > word.startIndex else { return false }
        let number = word[word.index(after: dash)...].prefix(while: isDigit)
        return number.count >= 8 && word[number.endIndex...].allSatisfy { "),.:;".utf8.contains($0) }
    }
}
