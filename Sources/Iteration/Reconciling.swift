import Domain
import FoundationEssentials
import Storage

/// Brings the launches in line with what EC2 shows, repeats the calls that EC2 may never have heard, and puts
/// right the tags that instances did not inherit.
struct Reconciling {
    let iteration: ProvisioningIteration
    let snapshot: Snapshot
    let workerTypes: Set<String>

    struct Result {
        /// Open launches and those that EC2 shows, by id, as they stand now.
        var launches: [String: Launch]
        var repeated: [BidResult]
        var failures: [FailedCall]
    }

    func carryOut(open: [Launch], now: Date) async throws -> Result {
        var launches = Dictionary(open.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let shown = (snapshot.fresh + snapshot.stale).flatMap { state in
            state.instances.flatMap { [$0.tags[Ownership.Tag.launchId], $0.clientToken].compactMap { $0 } }
                + state.spotRequests.compactMap { $0.tags[Ownership.Tag.launchId] }
        }
        for launch in try iteration.database.launches.get(Set(shown).subtracting(launches.keys)) {
            launches[launch.id] = launch
        }
        let reconciliation = Reconciliation(
            launches: launches.values.sorted { $0.id < $1.id }, states: snapshot.fresh, now: now,
            rules: iteration.deployment.rules)
        for launch in reconciliation.updates { launches[launch.id] = launch }
        var result = Result(launches: launches, repeated: [], failures: [])
        guard !iteration.dryRun else { return result }
        try iteration.database.launches.update(reconciliation.updates)
        result.failures = await tag(reconciliation.untagged)
        result.repeated = try await repeatCalls(reconciliation.repeats)
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

    private func tag(_ untagged: [(instance: Instance, launch: Launch)]) async -> [FailedCall] {
        await withTaskGroup(of: FailedCall?.self) { group in
            for (instance, launch) in untagged {
                group.addTask {
                    let tags = iteration.deployment.ownership.tags(
                        workerType: launch.workerType, launchId: launch.id)
                    let outcome = await attempt {
                        try await iteration.ec2.createTags(
                            tags, on: [instance.id], region: instance.pool.region)
                    }
                    guard case .failure(let failure) = outcome else { return nil }
                    return FailedCall("tag \(instance.id)", failure)
                }
            }
            return await group.reduce(into: []) { if let failure = $1 { $0.append(failure) } }
        }
    }

    /// Repeats calls in the regions that can be launched in, for worker types that still exist.
    private func repeatCalls(_ repeats: [Launch]) async throws -> [BidResult] {
        var calls: [(Launch, LaunchRequest)] = []
        for launch in repeats
        where workerTypes.contains(launch.workerType) && snapshot.biddable.contains(launch.pool.region) {
            if let request = try iteration.database.launches.request(of: launch) {
                calls.append((launch, request))
            }
        }
        return try await withThrowingTaskGroup(of: BidResult.self) { group in
            for (launch, request) in calls {
                group.addTask {
                    try iteration.record(await iteration.call(request), of: launch, launch.bid)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
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
