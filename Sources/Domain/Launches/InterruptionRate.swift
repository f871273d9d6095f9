/// How often EC2 reclaimed spot instances of a pool, and in how many instance-hours.
package struct InterruptionRate: Hashable, Codable, Sendable {
    package let interruptions: Int
    /// Those after the first hour of an instance: `InstanceBilling`.
    package let billedInterruptions: Int
    /// The lifetimes of the pool's spot instances, added up.
    package let instanceHours: Double

    package init(interruptions: Int, billedInterruptions: Int, instanceHours: Double) {
        self.interruptions = interruptions
        self.billedInterruptions = billedInterruptions
        self.instanceHours = instanceHours
    }

    /// Interruptions in 100 instance-hours. Less than one instance-hour counts as one.
    package var per100Hours: Double { 100 * Double(interruptions) / max(instanceHours, 1) }
}
