import Domain
import FoundationEssentials
import Storage

/// Brings the launches in line with what EC2 shows, repeats the calls that EC2 may never have heard, and puts
/// right the tags that instances did not inherit.
struct Reconciling {
    let iteration: ProvisioningIteration
    let snapshot: Snapshot
    let workerTypes: [WorkerType]

    struct Result {
        /// Open launches and those that EC2 shows, by id, as they stand now.
        var launches: [String: Launch]
        var repeated: [BidResult] = []
        var failures: [FailedCall] = []
    }

    func carryOut(open: [Launch], now: Date, backOffs: inout BackOffLedger) async throws -> Result {
        var launches = Dictionary(open.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let shown = (snapshot.fresh + snapshot.stale).flatMap { state in
            state.instances.flatMap { [$0.tags[Ownership.Tag.launchId], $0.clientToken].compactMap { $0 } }
                + state.spotRequests.compactMap { $0.tags[Ownership.Tag.launchId] }
        }
        let database = iteration.database
        for launch in try database.launches.get(Set(shown).subtracting(launches.keys)) {
            launches[launch.id] = launch
        }
        let reconciliation = Reconciliation(
            launches: launches.values.sorted { $0.id < $1.id }, states: snapshot.fresh, now: now,
            rules: iteration.deployment.rules)
        for launch in reconciliation.updates { launches[launch.id] = launch }
        var result = Result(launches: launches)
        guard !iteration.dryRun else { return result }
        // Before the launches, so that no crash can come between an end and its being counted.
        try database.interruptions.record(reconciliation.interruptions)
        try database.launches.update(reconciliation.updates)
        try learn(from: reconciliation, &backOffs)
        result.failures = await tag(reconciliation.untagged)
        result.repeated = try await repeatCalls(reconciliation.repeats)
        try backOffs.learn(
            from: result.repeated,
            definitions: Dictionary(
                workerTypes.map { ($0.name, $0.lastModified) }, uniquingKeysWith: { first, _ in first }))
        for repeated in result.repeated {
            guard let id = repeated.launchId, let launch = launches[id] else { continue }
            switch (repeated.outcome, repeated.answer, repeated.failure) {
            case (.launched, let answer?, _): result.launches[id] = launch.answered(answer)
            case (.failed, _, let failure?): result.launches[id] = launch.refused(failure, now: now)
            default: break
            }
        }
        return result
    }

    /// EC2 may take a launch and tell later that it cannot be: in the status of a request, or in the state reason
    /// of an instance that never ran. And requests may turn out to have been fulfilled.
    private func learn(from reconciliation: Reconciliation, _ backOffs: inout BackOffLedger) throws {
        let definitions = Dictionary(
            workerTypes.map { ($0.name, $0.lastModified) }, uniquingKeysWith: { first, _ in first })
        let refused = reconciliation.ended.compactMap { launch -> BidResult? in
            guard let code = launch.errorCode else { return nil }
            let failure =
                launch.instanceId == nil
                ? EC2Codes.failure(spotRequestStatus: code) : EC2Codes.failure(stateReason: code)
            return failure.map {
                BidResult(
                    launch.bid, .failed, launchId: launch.id, failure: $0,
                    definitionModified: launch.definitionModified)
            }
        }
        try backOffs.learn(from: refused, definitions: definitions)
        for launch in reconciliation.fulfilled { try backOffs.ease(launch.bid.offerSubjects) }
    }

    private func tag(_ untagged: [(instance: Instance, launch: Launch)]) async -> [FailedCall] {
        await concurrently(untagged, atMost: iteration.launchesAtOnce) { instance, launch in
            var tags = iteration.deployment.ownership.tags(
                workerType: launch.workerType, launchId: launch.id)
            // The volumes of an instance that just began are not known yet. It gets its last tag with them.
            if instance.state == .pending, instance.volumeIds.isEmpty { tags[Ownership.Tag.launchId] = nil }
            let outcome = await attempt { [tags] in
                try await iteration.ec2.createTags(
                    tags, on: [instance.id] + instance.volumeIds, region: instance.pool.region)
            }
            // What does not exist yet is tagged in the next iteration.
            guard case .failure(let failure) = outcome, failure.kind != .notFound else { return nil }
            return FailedCall("tag \(instance.id)", failure)
        }.compactMap { $0 }
    }

    /// Repeats calls in the regions that can be launched in, for worker types that still exist.
    private func repeatCalls(_ repeats: [Launch]) async throws -> [BidResult] {
        let names = Set(workerTypes.map(\.name))
        var calls: [(launch: Launch, request: LaunchRequest)] = []
        for launch in repeats
        where names.contains(launch.workerType) && snapshot.biddable.contains(launch.pool.region) {
            if let request = try iteration.database.launches.request(of: launch) {
                calls.append((launch, request))
            }
        }
        return try await concurrently(calls, atMost: iteration.launchesAtOnce) {
            launch, request -> Swift.Result<BidResult, any Error>? in
            // What is not repeated now is in the next iteration.
            guard iteration.reasonToStop == nil else { return nil }
            let outcome = await iteration.call(request)
            return Swift.Result { try iteration.record(outcome, of: launch, launch.bid) }
        }.compactMap { try $0?.get() }
    }
}

extension Launch {
    /// The bid that it was made for.
    var bid: Bid {
        Bid(
            workerType: workerType, pool: pool, capacity: capacity, market: market, spotPrice: spotPrice,
            effectivePrice: effectivePrice, bidPrice: bidPrice)
    }
}
