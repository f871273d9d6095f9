/// The capacity that a worker type should gain, or reduce by the cancellation of requests.
package struct CapacityChange: Hashable, Codable, Sendable {
    /// The bound that determined the change.
    package enum Bound: String, Codable, Sendable {
        case none
        case minimum
        case maximum
    }

    package let pendingTasks: Int
    package let tally: CapacityTally
    /// The desired number of pending tasks: round(scalingRatio x running).
    package let desiredPending: Int
    /// pendingTasks - (booting + requested) - desiredPending, before the bounds.
    package let unbounded: Int
    package let bound: Bound
    /// The change: above zero to buy, below zero to cancel.
    package let change: Int

    /// Applies the documented formula. Booting and requested capacity, and the desired pending tasks, are subtracted from
    /// the pending tasks. The result is bounded by minCapacity and maxCapacity.
    package init(pendingTasks: Int, tally: CapacityTally, definition: WorkerTypeDefinition) {
        self.pendingTasks = pendingTasks
        self.tally = tally
        let desired = (definition.scalingRatio * Double(tally.running)).rounded()
        desiredPending = desired.isFinite ? Int(min(max(desired, 0), 1e12)) : 1_000_000_000_000
        unbounded = pendingTasks - (tally.booting + tally.requested) - desiredPending
        let headroom = tally.headroom(below: definition.maxCapacity)
        if unbounded >= headroom {
            bound = .maximum
            change = headroom
        } else if unbounded + tally.total < definition.minCapacity {
            bound = .minimum
            change = min(definition.minCapacity - tally.total, headroom)
        } else {
            bound = .none
            change = unbounded
        }
    }
}
