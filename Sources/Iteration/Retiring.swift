import Domain

/// Terminates instances and cancels requests, in few calls, and says which are gone.
struct Retiring {
    let ec2: any EC2Service
    let dryRun: Bool

    struct Result {
        var terminated: [IterationReport.Ending] = []
        var cancelled: [IterationReport.Ending] = []
        var failures: [FailedCall] = []

        /// Ids of what no longer counts.
        var gone: Set<String> { Set((terminated + cancelled).map(\.id)) }
    }

    /// How many ids one call names. EC2 recommends no more.
    private static let idsInACall = 1000

    private enum Act: String, Sendable {
        case terminate
        case cancel
    }

    private struct Outcome: Sendable {
        let act: Act
        var done: [IterationReport.Ending]
        var failures: [FailedCall] = []
    }

    func carryOut(
        terminations: [Retirement.Termination], cancellations: [Retirement.Cancellation]
    ) async -> Result {
        let instances = terminations.map {
            IterationReport.Ending(
                id: $0.instance.id, region: $0.instance.pool.region, workerType: $0.workerType,
                reason: $0.reason)
        }
        let requests = cancellations.map {
            IterationReport.Ending(
                id: $0.request.id, region: $0.request.region, workerType: $0.workerType, reason: $0.reason)
        }
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for batch in Self.batches(instances) { group.addTask { await carryOut(.terminate, batch) } }
            for batch in Self.batches(requests) { group.addTask { await carryOut(.cancel, batch) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return outcomes.reduce(into: Result()) { result, outcome in
            switch outcome.act {
            case .terminate: result.terminated += outcome.done
            case .cancel: result.cancelled += outcome.done
            }
            result.failures += outcome.failures
        }
    }

    /// By region, each small enough for one call: one that fails does not take the others with it.
    private static func batches(_ endings: [IterationReport.Ending]) -> [[IterationReport.Ending]] {
        Dictionary(grouping: endings, by: \.region).values.flatMap { endings in
            stride(from: 0, to: endings.count, by: idsInACall).map {
                Array(endings[$0..<min($0 + idsInACall, endings.count)])
            }
        }
    }

    private func carryOut(_ act: Act, _ batch: [IterationReport.Ending]) async -> Outcome {
        guard !dryRun, let region = batch.first?.region else { return Outcome(act: act, done: batch) }
        let ids = batch.map(\.id)
        let answer = await attempt {
            switch act {
            case .terminate: try await ec2.terminateInstances(ids, region: region)
            case .cancel: try await ec2.cancelSpotRequests(ids, region: region)
            }
        }
        switch answer {
        case .failure(let failure):
            return Outcome(act: act, done: [], failures: [FailedCall("\(act.rawValue) \(region)", failure)])
        case .success(let refused):
            // One that EC2 does not know yet is no failure: it is tried again in the next iteration.
            let failures = refused.filter { $0.value.kind != .notFound }.map {
                FailedCall("\(act.rawValue) \($0.key)", $0.value)
            }
            return Outcome(act: act, done: batch.filter { refused[$0.id] == nil }, failures: failures)
        }
    }
}
