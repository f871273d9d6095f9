import Domain
import Formats

extension CapacityChange {
    /// The formula with its numbers, one step a line, so that a reader can verify it.
    func explanation(definition: WorkerTypeDefinition, bounds: CapacityBounds) -> [String] {
        let claiming = tally.claiming > 0 ? ", of which \(tally.claiming) checked in within claimGrace," : ""
        var lines = [
            "desired pending = round(\(definition.scalingRatio) x \(tally.running) running) = \(desiredPending)"
        ]
        if let idle { lines.append(idle.explanation(running: tally.running)) }
        let slots = headroom.map { " + \($0) headroom" } ?? ""
        let idleText = idle.map { " + \($0.capacity) idle" } ?? ""
        lines.append(
            "change = \(pendingTasks) pending tasks\(slots) - (\(tally.booting) booting\(claiming) + \(tally.requested) requested"
                + "\(idleText)) - \(desiredPending) desired pending = \(uncovered)")
        if let anticipation {
            lines.append(anticipation.explanation)
            lines.append("change = \(uncovered) + \(anticipation.capacity) anticipation = \(unbounded)")
        }
        let after = "capacity after it: \(unbounded) + \(tally.total) = \(unbounded + tally.total)"
        switch bound {
        case .none:
            lines.append(after + ", within \(bounds.minimum) to \(bounds.maximum)")
        case .maximum:
            lines.append(
                after + ", not below maxCapacity \(bounds.maximum): change = "
                    + "\(bounds.maximum) - \(tally.total)"
                    + (tally.unsettled > 0 ? " - \(tally.unsettled) cancelled in this iteration" : "")
                    + " = \(change)")
        case .minimum:
            lines.append(
                after + ", below minCapacity \(bounds.minimum): change = "
                    + "\(bounds.minimum) - \(tally.total) = \(change)")
        }
        return lines
    }
}

extension IdleCapacity {
    /// The calculation with its numbers.
    fileprivate func explanation(running: Int) -> String {
        if let claimedTasks {
            let unclaimed =
                unclaiming > 0 ? " - \(unclaiming) that took no task since the last iteration" : ""
            let most = claimedTasks > running ? ", at least 0" : ""
            return
                "idle = \(running) running - \(claimedTasks) claimed tasks\(unclaimed)\(most) = \(capacity)"
        }
        return capacity == 0
            ? "idle = 0: tasks are pending, or nothing runs"
            : "idle = \(running) running, as no task is pending"
    }
}

extension Anticipation {
    /// The calculation with its numbers.
    fileprivate var explanation: String {
        guard demand.unmet > 0 else { return "anticipation = 0: no demand is uncovered" }
        let share = (demand.share * 100).formatted(decimals: 2)
        return "anticipation = round(\(intervals) intervals x \(share) % of the iterations with new demand"
            + " x \(demand.average.formatted(decimals: 3)) average new demand), at most \(demand.unmet) = \(capacity)"
    }
}
