public import FoundationEssentials

/// A worker type as it is stored: its name, its definition, and when the definition last changed.
public struct WorkerType: Hashable, Sendable {
    public var name: String
    public var definition: WorkerTypeDefinition
    /// Whole milliseconds. It also tells one revision of a definition from the next.
    public var lastModified: Date

    public init(name: String, definition: WorkerTypeDefinition, lastModified: Date) {
        self.name = name
        self.definition = definition
        self.lastModified = lastModified
    }
}
