package import Domain
import FoundationEssentials

/// All that one simulation is run on, apart from the policy: what happens in the world whatever is decided.
package struct Scenario: Sendable {
    /// How workers and EC2 behave.
    package struct Conditions: Hashable, Sendable {
        /// From the launch until the worker takes its first task, drawn evenly. Seconds.
        package var boot: ClosedRange<Double> = 60...150
        /// A worker without a task for this long shuts its instance down. Seconds.
        package var idleTimeout: Double = 60
        /// From one iteration to the next. Seconds.
        package var interval: Double = 60
        /// Everything that is left to chance follows from it.
        package var seed: UInt64 = 1

        package init() {}
    }

    package var workerTypes: [WorkerType]
    package var loads: [TaskLoad]
    package var prices: PriceHistory
    /// When the run begins in the price history, seconds since 1970.
    package var start: Double
    package var conditions = Conditions()
    package var interruptions = InterruptionRates()
    package var capacity: CapacityTraces?
    /// Without them nothing is bought on demand.
    package var onDemand: OnDemandPrices?

    package init(workerTypes: [WorkerType], loads: [TaskLoad], prices: PriceHistory, start: Double) {
        self.workerTypes = workerTypes
        self.loads = loads
        self.prices = prices
        self.start = start
    }

    /// The regions of the worker types, in order.
    var regions: [String] {
        Set(workerTypes.flatMap { $0.definition.regions.map(\.region) }).sorted()
    }

    /// Whether a worker type may use a pool.
    static func allows(_ definition: WorkerTypeDefinition, _ pool: Pool) -> Bool {
        guard definition.regions.contains(where: { $0.region == pool.region }),
            definition.instanceTypes.contains(where: { $0.instanceType == pool.instanceType })
        else { return false }
        let named = definition.availabilityZones.filter { $0.region == pool.region }
        return named.isEmpty || named.contains { $0.availabilityZone == pool.availabilityZone }
    }
}
