import Algorithms
import Domain
import Formats
import FoundationEssentials
import Storage

/// Updates the launches from the state of EC2, and sets tags that instances did not inherit.
struct LaunchReconciler {
    let database: ProvisionerDatabase
    let deployment: Deployment
    let ec2: any EC2Service
    /// The number of concurrent calls.
    let callsAtOnce: Int
    let snapshot: Snapshot
    /// By name.
    let workerTypes: [String: WorkerType]

    struct Result {
        /// Open launches, and launches of resources that EC2 shows, by id, after the reconciliation.
        var launches: [String: Launch]
        /// Launches that EC2 may not have received.
        var repeats: [Launch] = []
        var failures: [FailedCall] = []
    }

    /// Reconciles the open launches, and the launches of the resources that EC2 shows.
    func reconcile(_ open: [Launch], now: Date, holds: inout StoredHolds) async throws -> Result {
        var launches = open.keyed(by: \.id)
        let shown = Set(snapshot.regions.flatMap(\.launchIds))
        for launch in try database.launches.get(shown.subtracting(launches.keys)) {
            launches[launch.id] = launch
        }
        let reconciliation = Reconciliation(
            launches: launches.values.sorted { $0.id < $1.id }, states: snapshot.fresh, now: now,
            rules: deployment.rules)
        for launch in reconciliation.updates { launches[launch.id] = launch }
        // Before the launches: a crash between an interruption and its record would lose it.
        try database.interruptions.record(reconciliation.interruptions)
        try database.launches.update(reconciliation.updates)
        try updateHolds(&holds, from: reconciliation)
        try holdInterruptedPools(&holds, reconciliation, launches)

        var result = Result(launches: launches)
        result.failures = await tag(reconciliation.untagged)
        let active = holds.active
        result.repeats = reconciliation.repeats.filter { !active.isPaused(target(of: $0)) }
        return result
    }

    /// Updates the holds from launches that EC2 refused after it accepted them, by the status of a request or the state
    /// reason of an instance that never ran, and from fulfilled requests.
    private func updateHolds(_ holds: inout StoredHolds, from reconciliation: Reconciliation) throws {
        let refused = reconciliation.ended.compactMap { launch -> BidResult? in
            guard let code = launch.errorCode else { return nil }
            let failure =
                launch.instanceId == nil
                ? EC2Codes.failure(spotRequestStatus: code) : EC2Codes.failure(stateReason: code)
            return failure.map {
                BidResult(
                    launch.bid, .failed, launchId: launch.id, failure: $0,
                    definition: launch.definition)
            }
        }
        try holds.learn(from: refused, workerTypes: workerTypes)
        for launch in reconciliation.fulfilled { try holds.ease(target(of: launch)) }
    }

    private func target(of launch: Launch) -> LaunchTarget {
        LaunchTarget(launch.bid, definition: workerTypes[launch.workerType]?.definition)
    }

    /// Holds the pools in which EC2 reclaimed instances just now.
    private func holdInterruptedPools(
        _ holds: inout StoredHolds, _ reconciliation: Reconciliation, _ launches: [String: Launch]
    ) throws {
        guard deployment.rules.holdsInterruptedPools else { return }
        let ended = Set(reconciliation.ended.map(\.id))
        let interrupted = Dictionary(
            grouping: reconciliation.interruptions.filter { ended.contains($0.launchId) }, by: \.pool)
        for (pool, interruptions) in interrupted.sorted(by: { $0.key < $1.key }) {
            let alive = launches.values.count {
                $0.pool == pool && $0.state == .visible && $0.market == .spot
            }
            let code = interruptions.first?.reason ?? "interrupted"
            if let failure = Interruption.failure(interruptions.count, alive: alive, code: code) {
                try holds.fail(LaunchTarget(in: pool, .spot), failure)
            }
        }
    }

    private func tag(_ untagged: [(instance: Instance, launch: Launch)]) async -> [FailedCall] {
        await untagged.concurrentMap(atMost: callsAtOnce) { instance, launch in
            var tags = deployment.ownership.tags(workerType: launch.workerType, launchId: launch.id)
            // EC2 does not name the volumes of a new instance yet. The last tag is set together with theirs.
            if instance.state == .pending, instance.volumeIds.isEmpty { tags[Ownership.Tag.launchId] = nil }
            let outcome = await Swift.Result { [tags] in
                try await ec2.createTags(
                    tags, on: [instance.id] + instance.volumeIds, region: instance.pool.region)
            }
            // The next iteration tags resources that do not exist yet.
            guard case .failure(let failure) = outcome, failure.kind != .notFound else { return nil }
            return FailedCall(.tag, instance.id, failure)
        }.compactMap { $0 }
    }
}
