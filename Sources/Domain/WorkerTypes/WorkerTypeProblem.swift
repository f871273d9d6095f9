/// One thing that is wrong with a worker type's document, and where.
public struct WorkerTypeProblem: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The document has not the documented form.
        case form
        /// The form is right, and what it says is impossible.
        case rule
    }

    public let kind: Kind
    /// Where in the document, `instanceTypes[1].utility`; empty for the document as a whole.
    public let path: String
    public let message: String

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// All that is wrong with a worker type's document.
public struct WorkerTypeProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty; in the order of the document.
    public let problems: [WorkerTypeProblem]

    /// Whether the documented form itself is broken.
    public var breaksForm: Bool { problems.contains { $0.kind == .form } }

    public var description: String { problems.map(\.description).joined(separator: "; ") }
}
