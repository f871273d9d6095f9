package import FoundationEssentials

/// A worker type as it is stored: its name, its definition, and when the definition last changed.
package struct WorkerType: Hashable, Sendable {
    package var name: String
    package var definition: WorkerTypeDefinition
    /// Whole milliseconds. It also tells one revision of a definition from the next.
    package var lastModified: Date

    package init(name: String, definition: WorkerTypeDefinition, lastModified: Date) {
        self.name = name
        self.definition = definition
        self.lastModified = lastModified
    }
}
