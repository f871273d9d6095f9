/// The interruptions of this deployment's instances that EC2 bills, by pool. Others lose no paid work.
package struct InterruptionRecord: Hashable, Sendable {
    private var pools: [Pool: Observation] = [:]

    /// The record of one pool.
    private struct Observation: Hashable {
        var interruptions: Int
        var instanceHours: Double
    }

    package init() {}

    /// - Parameter rates: for each pool the interruptions and the instance-hours. Negative and non-finite values count
    ///   as zero.
    package init(_ rates: [Pool: (interruptions: Int, instanceHours: Double)]) {
        pools = rates.mapValues { rate in
            Observation(
                interruptions: max(0, rate.interruptions),
                instanceHours: rate.instanceHours.isFinite ? max(0, rate.instanceHours) : 0)
        }
    }

    /// The record of a pool; zero for an unused pool.
    package func observation(of pool: Pool) -> (interruptions: Int, instanceHours: Double) {
        pools[pool].map { ($0.interruptions, $0.instanceHours) } ?? (0, 0)
    }
}
