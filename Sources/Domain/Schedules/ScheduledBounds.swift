package import FoundationEssentials

/// The bounds of a decision that follow from a schedule.
package struct ScheduledBounds: Hashable, Codable, Sendable {
    package let timeZone: String
    /// The days and times of the windows in force; empty where the bounds of the definition apply.
    package let windows: [String]
    package let bounds: CapacityBounds
    /// The time of the next change; nil where there is none.
    package let until: Date?
    /// The bounds from that time on.
    package let next: CapacityBounds?

    /// Set where the minimum is above the maximum, because one is of a window and the other of the definition.
    package var problem: Problem? {
        guard bounds.minimum > bounds.maximum else { return nil }
        return Problem(
            .warning,
            "the schedule and the definition have minCapacity \(bounds.minimum) above maxCapacity \(bounds.maximum): "
                + "maxCapacity applies until one of them is corrected")
    }
}
