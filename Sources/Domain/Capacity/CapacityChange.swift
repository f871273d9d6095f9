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
    /// The capacity that is bought in advance; nil where the worker type has none.
    package let anticipation: Anticipation?
    /// pendingTasks - (booting + requested) - desiredPending + anticipation, before the bounds.
    package let unbounded: Int
    package let bound: Bound
    /// The change: above zero to buy, below zero to cancel.
    package let change: Int

    /// Applies the documented formula. Booting and requested capacity, and the desired pending tasks, are subtracted from
    /// the pending tasks. The anticipation is added. The result is bounded by minCapacity and maxCapacity.
    ///
    /// - Parameter bounds: of the capacity; nil for the bounds of the definition.
    package init(
        pendingTasks: Int, tally: CapacityTally, definition: WorkerTypeDefinition,
        bounds: CapacityBounds? = nil, demand: DemandInput = DemandInput()
    ) {
        let bounds = bounds ?? CapacityBounds(of: definition)
        self.pendingTasks = pendingTasks
        self.tally = tally
        let desired = (definition.scalingRatio * Double(tally.running)).rounded()
        desiredPending = desired.isFinite ? Int(min(max(desired, 0), 1e12)) : 1_000_000_000_000
        let uncovered = pendingTasks - (tally.booting + tally.requested) - desiredPending
        let headroom = tally.headroom(below: bounds.maximum)
        // Demand above maxCapacity cannot be bought, in this interval or a later one.
        anticipation = Anticipation(demand, uncovered: max(0, min(uncovered, headroom)))
        unbounded = uncovered + (anticipation?.capacity ?? 0)
        if unbounded >= headroom {
            bound = .maximum
            change = headroom
        } else if unbounded + tally.total < bounds.minimum {
            bound = .minimum
            change = min(bounds.minimum - tally.total, headroom)
        } else {
            bound = .none
            change = unbounded
        }
    }

    /// The formula's change before the anticipation: demand that no capacity covers, if above zero.
    package var uncovered: Int { unbounded - (anticipation?.capacity ?? 0) }
}
