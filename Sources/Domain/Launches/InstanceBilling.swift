package import FoundationEssentials

/// The time that EC2 bills for an instance: by the second, at least a minute, and nothing for a spot instance that EC2
/// interrupts in its first hour.
///
/// Valid for Linux and Windows. SUSE Linux, which EC2 bills by the hour, is the exception. Source: "Billing for
/// interrupted Spot Instances" in the Amazon EC2 User Guide.
package enum InstanceBilling {
    /// The least billed time. Seconds.
    package static let minimum: TimeInterval = 60
    /// The age before which an interruption makes an instance free. Seconds.
    package static let freeInterruptionAge: TimeInterval = 3600

    /// The billed part of the life of an instance. Seconds.
    package static func billedTime(life: TimeInterval, isInterrupted: Bool) -> TimeInterval {
        isInterrupted && life < freeInterruptionAge ? 0 : max(life, minimum)
    }
}
