package import FoundationEssentials

/// The intervals, lifetimes and bounds of decisions, with the documented defaults.
package struct ProvisioningRules: Hashable, Sendable {
    /// How the utility factor converts a spot price to an effective price.
    package enum Utility: String, Codable, Sendable, CaseIterable {
        /// Spot price x utility, as documented.
        case multiply
        /// Spot price / utility, as in the original service's code.
        case divide
    }

    package var utility: Utility = .multiply
    package var requestMode: RequestMode = .runInstances
    package var metadataTokens = MetadataTokens.account
    /// The platforms of single worker types. They take precedence over those of their images.
    package var platforms: WorkerTypePatterns<ImagePlatform> = [:]
    /// The subnets of single worker types.
    package var subnets: WorkerTypePatterns<SubnetSelection> = [:]
    /// How long the description of an image is used before it is read again. Unused ones are removed later.
    package var imageCacheLife: TimeInterval = 15 * 86_400
    /// The maximum bid. A pool that needs a higher bid is not used. US dollars an hour.
    package var maxBid = Price(usd: 10)
    /// The largest share of one worker type's new capacity that may go to one pool, above 0 and at most 1.
    package var maxPoolShare = 0.5
    /// The default strategy, and the strategies of single worker types.
    package var strategy: Strategy = .leastCost
    package var strategies: WorkerTypePatterns<Strategy> = [:]
    /// The limits over all worker types together.
    package var totalLimits = TotalLimits()
    /// The weekly schedules of the capacity of worker types.
    package var schedules: WorkerTypePatterns<CapacitySchedule> = [:]
    /// The maximum premium over the least price; 0.2 is a fifth. `diversified` pays it for its spread over pools, all
    /// strategies for another region where a region has no submissions left in this iteration.
    package var maxPremium = 0.2
    /// The exponent e of the factor capacity ^ e by which effective prices are compared; see `IdlePricing`. From 0 (no
    /// factor) to 1.
    package var idleExponent = 0.2
    /// The number of intervals whose expected demand is bought in advance while demand is uncovered; see
    /// `Anticipation`. From 0, where no pattern matches.
    package var anticipations: WorkerTypePatterns<Double> = [:]
    /// The free slots that worker types keep.
    package var headrooms: WorkerTypePatterns<Headroom> = [:]
    /// `risk-adjusted`: the default task duration, and the durations of single worker types. Seconds.
    package var taskTime: TimeInterval = 30 * 60
    package var taskTimes: WorkerTypePatterns<TimeInterval> = [:]
    /// `risk-adjusted`: the time from the launch of an instance to its first task. Seconds.
    package var bootTime: TimeInterval = 5 * 60
    /// `risk-adjusted`: the window of this deployment's record of interruptions. Seconds.
    package var interruptionWindow: TimeInterval = 30 * 86_400
    /// `risk-adjusted`: the assumed interruptions in an instance-month of a pool without a record. Source: the border of
    /// the two lowest bands of the Spot Instance Advisor, which shows the share of interruptions in the last month.
    package var priorInterruptionsAMonth = 0.05
    /// `risk-adjusted`: the instance-hours after which a pool's record has the same weight as the assumption.
    package var priorHours = 100.0
    static let hoursAMonth = 730.0
    /// The seed of random choices, beside the worker type and the time of the decision.
    package var seed: UInt64 = 0
    /// Whether to terminate instances with this deployment's tags whose worker type never existed in this database.
    package var terminateUnknown = false
    /// Whether to terminate instances whose secret expired before it was fetched.
    package var terminateUnclaimed = true

    /// Age at which an instance is terminated, from its launch time. Seconds.
    package var maxLife: TimeInterval = 96 * 3600
    /// Age at which an open spot request is cancelled. Seconds.
    package var stalledRequestAge: TimeInterval = 20 * 60
    /// The lifetime of a launch's secret. Seconds since EC2 took the launch.
    package var secretLife: TimeInterval = 40 * 60
    /// How long an instance counts as booting after its check-in: until its worker claims a task, the task is pending, and
    /// its capacity would be bought again. Seconds.
    package var claimGrace: TimeInterval = 2 * 60
    /// How long the call of a launch without a response is repeated, and how long after the last call a launch that EC2
    /// does not show is lost. Seconds.
    package var unseenLaunchLife: TimeInterval = 15 * 60
    /// How long an interruption notice removes the capacity of its instance. Seconds. EC2 sends the notice two minutes
    /// in advance.
    package var interruptionNoticeLife: TimeInterval = 15 * 60
    /// The first hold on a pool without capacity; doubled for each failure in a row. Seconds.
    package var poolHold: TimeInterval = 15 * 60
    /// The hold after a quota was reached, and on a scarce pool; it does not grow. Seconds.
    package var shortHold: TimeInterval = 5 * 60
    /// The first hold after a refusal that a person has to resolve: a missing image, a right, a parameter. Seconds.
    package var refusalHold: TimeInterval = 30 * 60
    /// The first hold after EC2 did not know an instance profile: a new one is not known for some seconds. Seconds.
    package var newProfileHold: TimeInterval = 2 * 60
    /// How long a launch shows that a pool is scarce and not exhausted. Seconds.
    package var scarceMemory: TimeInterval = 60 * 60
    /// Whether pools in which EC2 reclaimed instances are held.
    package var holdsInterruptedPools = true
    /// The maximum duration of a hold. Seconds.
    package var longestHold: TimeInterval = 4 * 3600
    /// The time after the end of a hold in which another failure doubles the duration. Seconds.
    package var holdMemory: TimeInterval = 24 * 3600
    /// The time before the termination of an instance that is still alive is requested again. Seconds.
    package var terminationPatience: TimeInterval = 5 * 60
    /// How long an instance may be stopped before it is terminated. Seconds since an iteration first saw it stopped.
    package var stoppedInstanceLife: TimeInterval = 30 * 60
    /// Launches in a row that never checked in before a worker type is stopped.
    package var bootFailureLimit = 5
    /// A worker that ends sooner after its check-in took no task. Seconds.
    package var shortLife: TimeInterval = 10 * 60
    /// How often a stopped worker type may try one launch. Seconds.
    package var bootFailureProbe: TimeInterval = 30 * 60
    /// Prices older than this are fetched again. Seconds.
    package var priceCacheLife: TimeInterval = 5 * 60
    /// The window whose highest price is the price of a pool. Seconds.
    package var priceWindow: TimeInterval = 30 * 60
    /// Submissions in one region in one iteration.
    package var submissionsPerRegion = 200
    /// The maximum number of reselections in one iteration.
    package var reselections = 3

    package init() {}

    /// The strategy of a worker type.
    package func strategy(of workerType: String) -> Strategy { strategies[workerType] ?? strategy }

    /// The number of intervals whose demand is bought in advance for a worker type.
    package func anticipation(of workerType: String) -> Double { anticipations[workerType] ?? 0 }

    /// The task duration of a worker type. Seconds.
    package func taskTime(of workerType: String) -> TimeInterval { taskTimes[workerType] ?? taskTime }
}
