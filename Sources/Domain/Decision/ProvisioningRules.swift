package import FoundationEssentials

/// Every interval, lifetime and bound that a decision follows, in one place. The defaults are the documented ones.
package struct ProvisioningRules: Hashable, Sendable {
    /// How the utility factor makes an effective price from a spot price.
    package enum Utility: String, Codable, Sendable, CaseIterable {
        /// Spot price x utility: the documented reading.
        case multiply
        /// Spot price / utility: for definitions written for the original service's code.
        case divide
    }

    package var utility: Utility = .multiply
    package var requestMode: RequestMode = .runInstances
    package var metadataTokens = MetadataTokens.account
    /// No bid goes above it; one that would stops its worker type. US dollars an hour.
    package var maxBid = Price(usd: 10)
    /// The largest share of one worker type's new capacity that may go to one pool, above 0 and at most 1.
    package var maxPoolShare = 0.5
    /// The strategy that spreads the change over pools, and the strategies of single worker types.
    package var strategy: Strategy = .leastCost
    package var strategies: WorkerTypePatterns<Strategy> = [:]
    /// The largest additional cost, as a share of the least cost: of the spread of `diversified`, and of another region when
    /// the launches of one region are at their limit. 0.2 is 20 %.
    package var maxPremium = 0.2
    /// The increase of the compared price of an instance of unlimited capacity, from 0 to 1; see `IdlePricing`. 0 compares
    /// the effective prices.
    ///
    /// Source of the default: replays of real loads at real prices. With 0, a worker type that mixes capacities 1 to 16
    /// pays 44 to 77 % more than the bound of hindsight, with 0.1 only 4 to 14 %.
    package var idlePremium = 0.1
    /// `risk-adjusted`: how long a task takes, and where worker types have it otherwise. Seconds.
    package var taskTime: TimeInterval = 30 * 60
    package var taskTimes: WorkerTypePatterns<TimeInterval> = [:]
    /// `risk-adjusted`: from the launch of an instance to its first task. Seconds.
    package var bootTime: TimeInterval = 5 * 60
    /// `risk-adjusted`: how far back this deployment's own record of interruptions counts. Seconds.
    package var interruptionWindow: TimeInterval = 30 * 86_400
    /// `risk-adjusted`: interruptions in a month of one instance that a pool is taken to have before anything is
    /// known of it. Source: the Spot Instance Advisor tells the part that was reclaimed in the trailing month, in
    /// bands of 5 %; this is the border of the two lowest.
    package var priorInterruptionsAMonth = 0.05
    /// `risk-adjusted`: the instance-hours after which a pool's own record counts as much as that.
    package var priorHours = 100.0
    static let hoursAMonth = 730.0
    /// What random choices of a strategy follow from, beside the worker type and the time of the decision.
    package var seed: UInt64 = 0
    /// Terminate what carries our tags but names a worker type that this database never knew.
    package var terminateUnknown = false
    /// Terminate instances whose secret expired unfetched.
    package var terminateUnclaimed = true

    /// Age at which an instance is terminated, from its launch time. Seconds.
    package var maxLife: TimeInterval = 96 * 3600
    /// Age at which an open spot request is cancelled. Seconds.
    package var stalledRequestAge: TimeInterval = 20 * 60
    /// How long a launch's secret can be fetched. Seconds from submission.
    package var secretLife: TimeInterval = 40 * 60
    /// How long a launch may stay unseen by EC2 before it is given up. Seconds.
    package var unseenLaunchLife: TimeInterval = 15 * 60
    /// How long an instance counts as going away after EC2 said that it takes it back. Seconds; EC2 says so two
    /// minutes before.
    package var interruptionNoticeLife: TimeInterval = 15 * 60
    /// The first hold of a pool without capacity. Each failure in a row doubles it. Seconds.
    package var poolHold: TimeInterval = 15 * 60
    /// The first hold of a region's spot capacity after its limit was reached. Seconds.
    package var regionHold: TimeInterval = 5 * 60
    /// The longest hold. Seconds.
    package var longestHold: TimeInterval = 4 * 3600
    /// The time after the end of a hold in which the next failure counts as another in a row. Seconds.
    package var holdMemory: TimeInterval = 24 * 3600
    /// How long an instance may take to shut down after it was asked to, before it is asked again. Seconds.
    package var terminationPatience: TimeInterval = 5 * 60
    /// How long an instance may be stopped, where it does nothing but cost its volumes, before it is terminated.
    /// Seconds from when it was first seen so.
    package var stoppedInstanceLife: TimeInterval = 30 * 60
    /// Launches in a row that never checked in before a worker type is stopped.
    package var bootFailureLimit = 5
    /// How often a stopped worker type may try one launch. Seconds.
    package var bootFailureProbe: TimeInterval = 30 * 60
    /// Prices older than this are fetched again. Seconds.
    package var priceCacheLife: TimeInterval = 5 * 60
    /// The window whose highest price counts. Seconds.
    package var priceWindow: TimeInterval = 30 * 60
    /// Submissions in one region in one iteration.
    package var submissionsPerRegion = 200
    /// How often bids are chosen again in one iteration after pools turned out empty.
    package var reselections = 3

    package init() {}

    /// The strategy of a worker type.
    package func strategy(of workerType: String) -> Strategy { strategies[workerType] ?? strategy }

    /// How long a task of a worker type takes. Seconds.
    package func taskTime(of workerType: String) -> TimeInterval { taskTimes[workerType] ?? taskTime }
}
