/// The numbers of tasks of a worker type in the Queue.
package struct TaskCounts: Hashable, Sendable {
    package let pending: Int
    /// Tasks that workers have claimed; nil where the Queue does not report them.
    package let claimed: Int?

    package init(pending: Int, claimed: Int? = nil) {
        self.pending = pending
        self.claimed = claimed
    }
}
