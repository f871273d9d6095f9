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
        let room = tally.headroom(below: definition.maxCapacity)
        if unbounded >= room {
            bound = .maximum
            change = room
        } else if unbounded + tally.total < definition.minCapacity {
            bound = .minimum
            change = min(definition.minCapacity - tally.total, room)
        } else {
            bound = .none
            change = unbounded
        }
    }

    /// The formula with its numbers, one step a line, for a person with a pocket calculator.
    package func explanation(definition: WorkerTypeDefinition) -> [String] {
        var lines = [
            "desired pending = round(\(definition.scalingRatio) x \(tally.running) running) = \(desiredPending)",
            "change = \(pendingTasks) pending tasks - (\(tally.booting) booting + \(tally.requested) requested)"
                + " - \(desiredPending) desired pending = \(unbounded)",
        ]
        let after = "capacity after it: \(unbounded) + \(tally.total) = \(unbounded + tally.total)"
        switch bound {
        case .none:
            lines.append(after + ", within \(definition.minCapacity) to \(definition.maxCapacity)")
        case .maximum:
            lines.append(
                after + ", not below maxCapacity \(definition.maxCapacity): change = "
                    + "\(definition.maxCapacity) - \(tally.total)"
                    + (tally.unsettled > 0 ? " - \(tally.unsettled) cancelled just now" : "")
                    + " = \(change)")
        case .minimum:
            lines.append(
                after + ", below minCapacity \(definition.minCapacity): change = "
                    + "\(definition.minCapacity) - \(tally.total) = \(change)")
        }
        return lines
    }
}
