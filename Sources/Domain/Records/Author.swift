/// The author of a change, and the command or interface that made it.
package struct Author: Hashable, Sendable {
    /// The id of a client, or a user of the machine.
    package let name: String
    /// `api`, or the command, such as `apply`, `edit` or `import`.
    package let means: String

    package init(_ name: String, by means: String) {
        self.name = name
        self.means = means
    }

    /// The program itself, as in its demonstration.
    package static let program = Author("aws-provisioner", by: "program")
}
