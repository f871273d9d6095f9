/// The running capacity that takes pending tasks, or the headroom, without a purchase.
package struct IdleCapacity: Hashable, Codable, Sendable {
    /// The tasks that workers have claimed; nil where the Queue does not report them.
    package let claimedTasks: Int?
    /// The idle capacity that took no task since the last iteration, although tasks were pending. It does not count, so
    /// that workers that take no tasks delay a purchase by one interval at most.
    package let unclaiming: Int
    /// The capacity that counts as idle.
    package let capacity: Int

    /// Returns nil where no idle capacity counts.
    ///
    /// - Parameter hasHeadroom: whether the worker type keeps free slots.
    init?(_ input: DemandInput, pendingTasks: Int, running: Int, hasHeadroom: Bool) {
        claimedTasks = input.claimedTasks
        if let claimedTasks {
            // More tasks than the running capacity are claimed where other workers take tasks of the worker type.
            let idle = max(0, running - claimedTasks)
            unclaiming = max(0, min(idle, pendingTasks, input.record.unclaimed))
            capacity = idle - unclaiming
        } else {
            guard hasHeadroom else { return nil }
            unclaiming = 0
            // While tasks are pending, the workers are busy.
            capacity = pendingTasks == 0 ? running : 0
        }
    }

    /// The pending tasks that idle workers are expected to take until the next iteration.
    func expectedClaims(pendingTasks: Int) -> Int {
        claimedTasks == nil ? 0 : min(pendingTasks, capacity + unclaiming)
    }
}
