/// How often EC2 took instances of this deployment back, by pool: what it learned itself.
package struct InterruptionRecord: Hashable, Sendable {
    private var pools: [Pool: Observation] = [:]

    /// What was seen in one pool.
    private struct Observation: Hashable {
        var interruptions: Int
        var instanceHours: Double
    }

    package init() {}

    /// - Parameter rates: for each pool the interruptions, and the hours that instances ran in it. What is negative
    ///   or no number counts as zero.
    package init(_ rates: [Pool: (interruptions: Int, instanceHours: Double)]) {
        pools = rates.mapValues { rate in
            Observation(
                interruptions: max(0, rate.interruptions),
                instanceHours: rate.instanceHours.isFinite ? max(0, rate.instanceHours) : 0)
        }
    }

    /// What was seen in a pool: nothing in one that was never used.
    package func observation(of pool: Pool) -> (interruptions: Int, instanceHours: Double) {
        pools[pool].map { ($0.interruptions, $0.instanceHours) } ?? (0, 0)
    }
}
