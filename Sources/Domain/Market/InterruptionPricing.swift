/// The premium for the expected interruptions of a pool: lost hours of work are paid for again. An interruption that EC2
/// does not bill does not count.
///
/// The rate of a pool combines its record with a prior: (interruptions + prior) / (instance-hours + prior
/// hours), the posterior mean of a Poisson process with a gamma prior. A pool without a record has the rate of the
/// prior.
package struct InterruptionPricing: Hashable, Codable, Sendable {
    /// The task duration in hours. On average, half of a task is lost.
    package let taskHours: Double
    /// Hours from the launch of the replacement to its first task.
    package let bootHours: Double
    /// The interruptions of the prior.
    package let priorInterruptions: Double
    /// The instance-hours of the prior.
    package let priorHours: Double

    /// The record of one pool, and the resulting rate and factor.
    package struct Risk: Hashable, Codable, Sendable {
        package let interruptions: Int
        package let instanceHours: Double
        /// Expected interruptions per instance-hour.
        package let rate: Double
        /// The factor of the effective price.
        package let factor: Double
    }

    /// Creates the pricing of one worker type from the rules.
    package init(_ workerType: String, rules: ProvisioningRules) {
        taskHours = rules.taskTime(of: workerType) / 3600
        bootHours = rules.bootTime / 3600
        priorInterruptions = rules.priorInterruptionsAMonth * rules.priorHours / ProvisioningRules.hoursAMonth
        priorHours = rules.priorHours
    }

    /// Instance-hours lost by an interruption: half a task, and a boot.
    package var lostHours: Double { taskHours / 2 + bootHours }

    package func risk(of pool: Pool, record: InterruptionRecord) -> Risk {
        let seen = record.observation(of: pool)
        let rate = (Double(seen.interruptions) + priorInterruptions) / (seen.instanceHours + priorHours)
        return Risk(
            interruptions: seen.interruptions, instanceHours: seen.instanceHours, rate: rate,
            factor: 1 + rate * lostHours)
    }
}
