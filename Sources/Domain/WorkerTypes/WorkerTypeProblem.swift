/// One thing that is wrong with a worker type's document, and where.
package struct WorkerTypeProblem: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The document has not the documented form.
        case form
        /// The form is right, and what it says is impossible.
        case rule
    }

    package let kind: Kind
    /// Where in the document, `instanceTypes[1].utility`; empty for the document as a whole.
    package let path: String
    package let message: String

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// All that is wrong with a worker type's document.
package struct WorkerTypeProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty; in the order of the document.
    package let problems: [WorkerTypeProblem]

    /// Whether the documented form itself is broken.
    package var breaksForm: Bool { problems.contains { $0.kind == .form } }

    package var description: String { problems.map(\.description).joined(separator: "; ") }
}
