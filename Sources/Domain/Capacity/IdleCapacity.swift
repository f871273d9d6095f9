/// The running capacity that takes pending tasks, or the headroom, without a purchase.
package struct IdleCapacity: Hashable, Codable, Sendable {
    /// The capacity that counts as idle.
    package let capacity: Int

    /// Returns nil where no idle capacity counts.
    ///
    /// - Parameter hasHeadroom: whether the worker type keeps free slots.
    init?(pendingTasks: Int, running: Int, hasHeadroom: Bool) {
        guard hasHeadroom else { return nil }
        // While tasks are pending, the workers are busy.
        capacity = pendingTasks == 0 ? running : 0
    }
}
