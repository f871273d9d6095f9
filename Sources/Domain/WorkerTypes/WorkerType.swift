package import FoundationEssentials

/// A stored worker type.
package struct WorkerType: Hashable, Sendable {
    package var name: String
    package var definition: WorkerTypeDefinition
    /// When the definition was last changed, truncated to milliseconds. It serves as the revision of the definition.
    package var lastModified: Date

    package init(name: String, definition: WorkerTypeDefinition, lastModified: Date) {
        self.name = name
        self.definition = definition
        self.lastModified = lastModified
    }
}
