import Domain

extension CapacityChange {
    /// The formula with its numbers, one step a line, so that a reader can verify it.
    func explanation(definition: WorkerTypeDefinition) -> [String] {
        let claiming = tally.claiming > 0 ? ", of which \(tally.claiming) checked in within claimGrace," : ""
        var lines = [
            "desired pending = round(\(definition.scalingRatio) x \(tally.running) running) = \(desiredPending)",
            "change = \(pendingTasks) pending tasks - (\(tally.booting) booting\(claiming) + \(tally.requested) requested)"
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
                    + (tally.unsettled > 0 ? " - \(tally.unsettled) cancelled in this iteration" : "")
                    + " = \(change)")
        case .minimum:
            lines.append(
                after + ", below minCapacity \(definition.minCapacity): change = "
                    + "\(definition.minCapacity) - \(tally.total) = \(change)")
        }
        return lines
    }
}
