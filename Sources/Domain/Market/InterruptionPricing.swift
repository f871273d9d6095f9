/// The increase of a pool's compared price by the risk of an interruption: the hours of work that are lost to
/// interruptions are paid for again.
///
/// The rate of a pool is what was seen of it and a prior together: (interruptions + prior) / (instance-hours + prior
/// hours), the mean that follows when rates are gamma-distributed and interruptions come at random. A pool that was
/// never used has the prior's rate; one that was used for long, its own.
package struct InterruptionPricing: Hashable, Codable, Sendable {
    /// Hours that a task takes. An interruption comes half-way, on average.
    package let taskHours: Double
    /// Hours from the launch of the instance in its place to its first task.
    package let bootHours: Double
    /// Interruptions that a pool is taken to have had before anything was seen of it.
    package let priorInterruptions: Double
    /// The instance-hours that they are taken to have been seen in.
    package let priorHours: Double

    /// What is known of one pool, and what follows.
    package struct Risk: Hashable, Codable, Sendable {
        package let interruptions: Int
        package let instanceHours: Double
        /// Interruptions that are expected in an hour of one instance.
        package let rate: Double
        /// What the effective price is multiplied by.
        package let factor: Double
    }

    /// For one worker type, as the rules have it.
    package init(_ workerType: String, rules: ProvisioningRules) {
        taskHours = rules.taskTime(of: workerType) / 3600
        bootHours = rules.bootTime / 3600
        priorInterruptions = rules.priorInterruptionsAMonth * rules.priorHours / ProvisioningRules.hoursAMonth
        priorHours = rules.priorHours
    }

    /// Hours of one instance that an interruption costs: half a task, and a boot.
    package var lostHours: Double { taskHours / 2 + bootHours }

    package func risk(of pool: Pool, record: InterruptionRecord) -> Risk {
        let seen = record.observation(of: pool)
        let rate = (Double(seen.interruptions) + priorInterruptions) / (seen.instanceHours + priorHours)
        return Risk(
            interruptions: seen.interruptions, instanceHours: seen.instanceHours, rate: rate,
            factor: 1 + rate * lostHours)
    }
}
