/// The paid time of the ended instances of an instance type, and the part of it in which their workers could run tasks.
///
/// The Queue does not report which instance runs a task. The record thus measures boots, failed starts and short lives,
/// and not the speed of a machine.
package struct WorkingTime: Hashable, Sendable {
    package let instances: Int
    package let paidHours: Double
    /// Hours from the check-in to the end.
    package let workingHours: Double

    /// The least record with a meaning.
    package static let leastInstances = 20
    package static let leastHours = 20.0

    package init(instances: Int, paidHours: Double, workingHours: Double) {
        self.instances = instances
        self.paidHours = paidHours
        self.workingHours = workingHours
    }

    package var isEnough: Bool { instances >= Self.leastInstances && paidHours >= Self.leastHours }

    /// The working share of the paid time; nil without enough record, or when no worker ever checked in.
    package var share: Double? { isEnough && workingHours > 0 ? workingHours / paidHours : nil }
}
