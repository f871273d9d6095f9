/// How much capacity a worker type should gain, or give back where that can be had by cancelling requests.
package struct CapacityChange: Hashable, Codable, Sendable {
    /// Which bound, if any, set the change.
    package enum Bound: String, Codable, Sendable {
        case none
        case minimum
        case maximum
    }

    package let pendingTasks: Int
    package let tally: CapacityTally
    /// Tasks that may wait: round(scalingRatio x running).
    package let desiredPending: Int
    /// pendingTasks - (pending + requested) - desiredPending, before the bounds.
    package let unbounded: Int
    package let bound: Bound
    /// The change: above zero to buy, below zero to cancel.
    package let change: Int

    /// The documented formula. Tasks that wait are first left to capacity that is on its way, and to the share
    /// of waiting that the scaling ratio allows; then the bounds of the worker type hold.
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
