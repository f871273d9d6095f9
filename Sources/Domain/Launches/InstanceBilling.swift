package import FoundationEssentials

/// The time that EC2 bills for an instance: by the second, at least a minute, and nothing for a spot instance that EC2
/// interrupts in its first hour. SUSE Linux is billed by the hour: a begun hour is a whole one, and the hour of an
/// interruption is free.
///
/// Source: "Billing for interrupted Spot Instances" in the Amazon EC2 User Guide, whose only exception is SUSE Linux.
/// Red Hat Enterprise Linux is billed by the second since July 2024.
package enum InstanceBilling {
    /// The least billed time. Seconds.
    package static let minimum: TimeInterval = 60
    /// The age before which an interruption makes an instance free. Seconds.
    package static let freeInterruptionAge: TimeInterval = 3600
    private static let hour: TimeInterval = 3600

    /// The billed part of the life of an instance. Seconds.
    package static func billedTime(
        life: TimeInterval, isInterrupted: Bool, platform: ImagePlatform = .linux
    ) -> TimeInterval {
        guard platform == .suse else {
            return isInterrupted && life < freeInterruptionAge ? 0 : max(life, minimum)
        }
        let hours = life / hour
        return hour * (isInterrupted ? max(0, hours.rounded(.down)) : max(1, hours.rounded(.up)))
    }
}
