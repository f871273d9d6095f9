/// What the limits over all worker types leave for one worker type, before other worker types take their part.
package struct LaunchAllowance: Hashable, Codable, Sendable {
    /// Nil without `maxTotalCapacity`.
    package let capacity: Int?
    /// Nil without `maxTotalInstances`.
    package let instances: Int?

    package init(capacity: Int?, instances: Int?) {
        self.capacity = capacity
        self.instances = instances
    }

    /// Why less than a wanted capacity is bought; nil where the capacity fits. Whether the number of instances fits depends
    /// on the pools.
    func problem(wanted: Int) -> Problem? {
        if let instances, instances <= 0 {
            return Problem(.warning, "\(TotalLimits.Kind.instances.setting) leaves no instance for it")
        }
        guard let capacity, capacity < wanted else { return nil }
        return Problem(
            .warning,
            "\(TotalLimits.Kind.capacity.setting) leaves capacity \(capacity) of the wanted \(wanted) for it")
    }
}
