package import Domain
import Formats
import FoundationEssentials

/// The input of a replay, apart from the policy.
package struct Scenario: Sendable {
    /// Behaviour of workers and EC2.
    package struct Conditions: Hashable, Sendable {
        /// Time from the launch to the check-in, uniformly distributed. Seconds.
        package var boot: ClosedRange<Double> = 60...150
        /// Time from the check-in of a worker to its first claim of a task. Seconds.
        package var claimDelay: Double = 0
        /// Whether the Queue reports claimed tasks.
        package var reportsClaimedTasks = false
        /// A worker without a task shuts its instance down after this time. Seconds.
        package var idleTimeout: Double = 60
        /// Time between iterations. Seconds.
        package var interval: Double = 60
        /// Seed of all random numbers.
        package var seed: UInt64 = 1

        package init() {}

        /// The least time from a launch to the first task of its worker. Seconds.
        var leastTimeToFirstTask: Double { boot.lowerBound + claimDelay }
    }

    package var workerTypes: [WorkerType]
    package var loads: [TaskLoad]
    package var prices: PriceHistory
    /// Time in the price history at which the run begins, seconds since 1970.
    package var start: Double
    package var conditions = Conditions()
    package var interruptions = InterruptionRates()
    package var capacity: CapacityTraces?
    /// Subjects under which nothing is launched.
    package var pauses: [Pause] = []
    /// The quotas of the account.
    package var quotas: [SimulatedQuota] = []
    /// Without them no on-demand instance is bought.
    package var onDemand: OnDemandPrices?

    package init(workerTypes: [WorkerType], loads: [TaskLoad], prices: PriceHistory, start: Double) {
        self.workerTypes = workerTypes
        self.loads = loads
        self.prices = prices
        self.start = start
    }

    /// The regions of the worker types, ordered.
    var regions: [String] {
        Set(workerTypes.flatMap { $0.definition.regions.map(\.region) }).sorted()
    }
}
