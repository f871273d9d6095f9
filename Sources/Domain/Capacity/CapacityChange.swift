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
    /// The free slots to keep; nil where the worker type keeps none.
    package let headroom: Int?
    /// The running capacity that counts as idle; nil where none does.
    package let idle: IdleCapacity?
    /// The capacity that is bought in advance; nil where the worker type has none.
    package let anticipation: Anticipation?
    /// pendingTasks + headroom - (booting + requested + idle) - desiredPending + anticipation, before the bounds.
    package let unbounded: Int
    package let bound: Bound
    /// The change: above zero to buy, below zero to cancel.
    package let change: Int

    /// Applies the documented formula. Booting, requested and idle capacity, and the desired pending tasks, are subtracted
    /// from the pending tasks and the headroom. The anticipation is added. The result is bounded by minCapacity and maxCapacity.
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
        headroom = demand.headroom?.slots(running: tally.running)
        idle = IdleCapacity(
            demand, pendingTasks: pendingTasks, running: tally.running, hasHeadroom: headroom != nil)
        let coming = tally.booting + tally.requested + (idle?.capacity ?? 0)
        let uncovered = pendingTasks + (headroom ?? 0) - coming - desiredPending
        let most = tally.headroom(below: bounds.maximum)
        // Demand above maxCapacity cannot be bought, in this interval or a later one.
        anticipation = Anticipation(demand, uncovered: max(0, min(uncovered, most)))
        unbounded = uncovered + (anticipation?.capacity ?? 0)
        if unbounded >= most {
            bound = .maximum
            change = most
        } else if unbounded + tally.total < bounds.minimum {
            bound = .minimum
            change = min(bounds.minimum - tally.total, most)
        } else {
            bound = .none
            change = unbounded
        }
    }

    /// The demand for the next decision, before the launches of this one; nil where no decision depends on it.
    package var demandRecord: DemandRecord? {
        guard anticipation != nil || idle?.claimedTasks != nil else { return nil }
        var record = anticipation?.demand ?? DemandRecord()
        record.unclaimed = idle?.expectedClaims(pendingTasks: pendingTasks) ?? 0
        return record
    }

    /// The formula's change before the anticipation: demand that no capacity covers, if above zero.
    package var uncovered: Int { unbounded - (anticipation?.capacity ?? 0) }
}
