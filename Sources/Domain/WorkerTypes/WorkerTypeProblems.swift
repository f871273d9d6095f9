/// All problems of a worker type's document.
package struct WorkerTypeProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty; in the order of the document.
    package let problems: [WorkerTypeProblem]

    /// Whether the document violates the documented schema.
    package var violatesSchema: Bool { problems.contains { $0.kind == .schema } }

    package var description: String { problems.map(\.description).joined(separator: "; ") }
}
