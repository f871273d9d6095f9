/// The bounds of a worker type's capacity. The maximum applies where the minimum is above it.
package struct CapacityBounds: Hashable, Codable, Sendable {
    package let minimum: Int
    package let maximum: Int

    package init(minimum: Int, maximum: Int) {
        self.minimum = minimum
        self.maximum = maximum
    }

    package init(of definition: WorkerTypeDefinition) {
        self.init(minimum: definition.minCapacity, maximum: definition.maxCapacity)
    }
}
