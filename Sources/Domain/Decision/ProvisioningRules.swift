public import FoundationEssentials

/// Every interval, lifetime and bound that a decision follows, in one place. The defaults are the documented ones.
public struct ProvisioningRules: Hashable, Sendable {
    /// How the utility factor makes an effective price from a spot price.
    public enum Utility: String, Codable, Sendable, CaseIterable {
        /// Spot price x utility: the documented reading.
        case multiply
        /// Spot price / utility: for definitions written for the original service's code.
        case divide
    }

    public var utility: Utility = .multiply
    public var requestMode: RequestMode = .runInstances
    /// No bid goes above it; one that would stops its worker type. US dollars an hour.
    public var maxBid = Price(usd: 10)
    /// The largest share of one worker type's new capacity that may go to one pool, above 0 and at most 1.
    public var maxPoolShare = 0.5
    /// How the change is spread over pools.
    public var strategy: Strategy = .leastCost
    /// What random choices of a strategy follow from, beside the worker type and the time of the decision.
    public var seed: UInt64 = 0
    /// Terminate what carries our tags but names a worker type that this database never knew.
    public var terminateUnknown = false
    /// Terminate instances whose secret expired unfetched.
    public var terminateUnclaimed = true

    /// Age at which an instance is terminated, from its launch time. Seconds.
    public var maxLife: TimeInterval = 96 * 3600
    /// Age at which an open spot request is cancelled. Seconds.
    public var stalledRequestAge: TimeInterval = 20 * 60
    /// How long a launch's secret can be fetched. Seconds from submission.
    public var secretLife: TimeInterval = 40 * 60
    /// How long a launch may stay unseen by EC2 before it is given up. Seconds.
    public var unseenLaunchLife: TimeInterval = 15 * 60
    /// How long an instance counts as going away after EC2 said that it takes it back. Seconds; EC2 says so two
    /// minutes before.
    public var interruptionNoticeLife: TimeInterval = 15 * 60
    /// How long a pool without capacity is left alone; doubled for each failure in a row. Seconds.
    public var poolBackOff: TimeInterval = 15 * 60
    /// How long a region's spot is left alone after its limit was reached. Seconds.
    public var regionBackOff: TimeInterval = 5 * 60
    /// No back-off lasts longer. Seconds.
    public var longestBackOff: TimeInterval = 4 * 3600
    /// Launches in a row that never checked in before a worker type is stopped.
    public var bootFailureLimit = 5
    /// How often a stopped worker type may try one launch. Seconds.
    public var bootFailureProbe: TimeInterval = 30 * 60
    /// Prices older than this are fetched again. Seconds.
    public var priceCacheLife: TimeInterval = 5 * 60
    /// The window whose highest price counts. Seconds.
    public var priceWindow: TimeInterval = 30 * 60
    /// Submissions in one region in one iteration.
    public var submissionsPerRegion = 200
    /// How often bids are chosen again in one iteration after pools turned out empty.
    public var reselections = 3

    public init() {}
}
