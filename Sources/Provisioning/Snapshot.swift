import Algorithms
import Domain

/// The services' state as one iteration read it, and the last known state where a read failed.
struct Snapshot: Sendable {
    /// The spot prices of one region.
    struct Prices: Sendable {
        let region: String
        let instanceTypes: Set<String>
        let platforms: Set<ImagePlatform>
        let prices: [SpotPrice]
        /// The number of records without a usable price.
        let unusable: Int
    }

    /// The regions that were read.
    var fresh: [RegionState] = []
    /// The last known state of the regions that could not be read.
    var stale: [RegionState] = []
    /// The managed regions that launches may go to: they were read, and have prices and the key pair.
    var biddable: Set<String> = []
    /// The prices that were fetched, by region.
    var fetchedPrices: [Prices] = []
    /// All prices: the fetched ones, and the stored ones of the other regions.
    var prices: [SpotPrice] = []
    /// The images that EC2 was asked for in this iteration.
    var readImages: [KnownImage] = []
    /// The SSM parameters that were read in this iteration.
    var resolvedImages: [ResolvedImage] = []
    /// All known images.
    var images = ImageCatalog()
    /// The images of worker types whose platforms may be wrong.
    var imageProblems: [String] = []
    /// The quotas that were read in this iteration.
    var readQuotas: [RegionQuotas] = []
    /// All known quotas.
    var quotas = AccountQuotas()
    var pendingTasks: [String: Int] = [:]
    /// The claimed tasks of worker types for which the Queue reports them.
    var claimedTasks: [String: Int] = [:]
    /// The worker types for which the Queue turned out not to report them.
    var withoutClaimedTasks: Set<String> = []
    /// The interruption notices that were received from the queue.
    var drained = InterruptionDrain.Result()
    var failures: [FailedCall] = []
    /// The failures of the regions that are managed no more and could not be read, by name. They do not fail an iteration.
    var unreadRetiredRegions: [String: ServiceFailure] = [:]
    /// The failure of the calls that were cancelled, after the time of the fetch was over.
    var lateFailure: ServiceFailure?
    /// Whether there was a call, and every call failed.
    var allCallsFailed = false

    /// Adds a failed call. After the time of the fetch was over, its failure is the cancellation.
    mutating func fail(_ call: FailedCall) {
        failures.append(
            lateFailure.map { FailedCall(call.subject.kind, call.subject.name, $0) } ?? call)
    }

    /// All known regions, fresh or stale.
    var regions: [RegionState] { fresh + stale }

    /// The names of the regions that were read.
    var readRegions: Set<String> { Set(fresh.map(\.region)) }

    /// The available zones of the regions that launches may go to.
    var zones: [String: [String]] {
        fresh.filter { biddable.contains($0.region) }.keyed(by: \.region).mapValues(\.availabilityZones)
    }

    /// The managed regions that launches may not go to, by name.
    var closedRegions: [String: RegionClosure] {
        RegionClosure.closures(failures.lazy.map { ($0.subject, $0.failure) })
            .filter { !biddable.contains($0.key) }
    }
}
