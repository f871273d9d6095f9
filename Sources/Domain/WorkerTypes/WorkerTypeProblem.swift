/// A problem of a worker type's document, with its path.
package struct WorkerTypeProblem: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The document violates the documented schema.
        case schema
        /// The document follows the schema and violates another rule.
        case rule
    }

    package let kind: Kind
    /// The path in the document, `instanceTypes[1].utility`; empty for the whole document.
    package let path: String
    package let message: String

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
