import Domain

/// Interruptions and instance-hours of a pool so far.
struct PoolRecord: Sendable {
    private(set) var interruptions = 0
    /// Interruptions of instances that EC2 bills.
    private(set) var billedInterruptions = 0
    /// Number of running instances.
    private(set) var alive = 0.0
    /// Sum of the launch times of the running instances.
    private var launches = 0.0
    /// Total life of the ended instances.
    private var endedSeconds = 0.0

    mutating func launch(_ now: Double) {
        alive += 1
        launches += now
    }

    mutating func end(_ launchedAt: Double, _ now: Double, interrupted: Bool) {
        alive -= 1
        launches -= launchedAt
        endedSeconds += now - launchedAt
        guard interrupted else { return }
        interruptions += 1
        if InstanceBilling.billedTime(life: now - launchedAt, isInterrupted: true) > 0 {
            billedInterruptions += 1
        }
    }

    /// Total life of all instances, running ones included.
    func instanceHours(_ now: Double) -> Double {
        max(0, endedSeconds + alive * now - launches) / 3600
    }
}
