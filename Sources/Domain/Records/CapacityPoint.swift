package import FoundationEssentials

/// The pending tasks and the capacity of a worker type from a time on.
package struct CapacityPoint: Hashable, Sendable {
    package let at: Date
    /// Nil when the Queue did not respond.
    package let pendingTasks: Int?
    package let tally: CapacityTally

    package init(at: Date, pendingTasks: Int?, tally: CapacityTally) {
        self.at = at
        self.pendingTasks = pendingTasks
        self.tally = tally
    }
}
