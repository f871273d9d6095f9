import Algorithms
import Domain
import Formats
import FoundationEssentials
import Storage

/// Updates the launches from the state of EC2, repeats calls that EC2 may not have received, and sets tags that
/// instances did not inherit.
struct LaunchReconciler {
    let database: ProvisionerDatabase
    let deployment: Deployment
    let submitter: LaunchSubmitter
    /// The number of concurrent calls.
    let callsAtOnce: Int
    let snapshot: Snapshot
    /// By name.
    let workerTypes: [String: WorkerType]

    struct Result {
        /// Open launches, and launches of resources that EC2 shows, by id, after the reconciliation.
        var launches: [String: Launch]
        var repeated: [BidResult] = []
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
        result.repeated = try await repeatCalls(reconciliation.repeats)
        try holds.learn(from: result.repeated, workerTypes: workerTypes)
        try holdUnresponsiveRegions(&holds, result.repeated)
        for repeated in result.repeated {
            guard let id = repeated.launchId, let launch = launches[id] else { continue }
            switch (repeated.outcome, repeated.answer, repeated.failure) {
            case (.launched, let response?, _): result.launches[id] = launch.accepted(response)
            case (.failed, _, let failure?): result.launches[id] = launch.refused(failure, now: now)
            default: break
            }
        }
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

    /// Holds the regions in which repeated calls had no response again, for several worker types or often.
    private func holdUnresponsiveRegions(_ holds: inout StoredHolds, _ repeated: [BidResult]) throws {
        for (_, results) in Dictionary(grouping: repeated, by: \.bid.pool.region).sorted(by: {
            $0.key < $1.key
        }) {
            let isOfRegion =
                results.count >= RoundRefusals.unansweredLimit || Set(results.map(\.bid.workerType)).count > 1
            guard isOfRegion, results.allSatisfy({ $0.outcome == .unanswered }), let first = results.first,
                let failure = first.failure
            else { continue }
            try holds.fail(
                LaunchTarget(first.bid, definition: nil),
                ServiceFailure(kind: .unresponsive, code: failure.code, message: failure.message))
        }
    }

    private func tag(_ untagged: [(instance: Instance, launch: Launch)]) async -> [FailedCall] {
        await untagged.concurrentMap(atMost: callsAtOnce) { instance, launch in
            var tags = deployment.ownership.tags(workerType: launch.workerType, launchId: launch.id)
            // EC2 does not name the volumes of a new instance yet. The last tag is set together with theirs.
            if instance.state == .pending, instance.volumeIds.isEmpty { tags[Ownership.Tag.launchId] = nil }
            let outcome = await Swift.Result { [tags] in
                try await submitter.ec2.createTags(
                    tags, on: [instance.id] + instance.volumeIds, region: instance.pool.region)
            }
            // The next iteration tags resources that do not exist yet.
            guard case .failure(let failure) = outcome, failure.kind != .notFound else { return nil }
            return FailedCall(.tag, instance.id, failure)
        }.compactMap { $0 }
    }

    /// Repeats calls in the regions that launches may go to, for worker types that still exist. All regions at once, so that
    /// an unresponsive region does not delay the others.
    private func repeatCalls(_ repeats: [Launch]) async throws -> [BidResult] {
        let mayRepeat = { (launch: Launch) in
            workerTypes[launch.workerType] != nil && snapshot.biddable.contains(launch.pool.region)
        }
        let regions = Dictionary(grouping: repeats.filter(mayRepeat), by: \.pool.region).sorted {
            $0.key < $1.key
        }
        return try await regions.map(\.value).concurrentMap(atMost: max(1, regions.count)) { launches in
            await Swift.Result { try await repeatCalls(inRegion: launches) }
        }.flatMap { try $0.get() }
    }

    /// Repeats the calls of one region with one attempt each: the next iteration repeats the calls without a response, and
    /// the calls that were not made.
    private func repeatCalls(inRegion launches: [Launch]) async throws -> [BidResult] {
        var results: [BidResult] = []
        for launches in launches.chunks(ofCount: callsAtOnce) {
            let isUnresponsive =
                results.count >= RoundRefusals.unansweredLimit
                && results.allSatisfy { $0.outcome == .unanswered }
            if isUnresponsive || submitter.reasonToStop != nil { break }
            results += try await Array(launches).concurrentMap(atMost: callsAtOnce) { launch in
                await Swift.Result { try await repeatCall(of: launch) }
            }.compactMap { try $0.get() }
        }
        return results
    }

    /// - Returns: nil for a launch whose request is not stored or cannot be read.
    private func repeatCall(of launch: Launch) async throws -> BidResult? {
        do {
            guard let request = try database.launches.request(of: launch) else { return nil }
            return try await submitter.submit(request, of: launch, isRetried: false)
        } catch let error as StorageError {
            database.noteUnreadable("request of launch \(launch.id)", error)
            return nil
        }
    }
}
