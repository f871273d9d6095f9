import Domain

/// Terminates instances and cancels requests, one call a region, and says which are gone.
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

    private enum Outcome: Sendable {
        case terminated([IterationReport.Ending])
        case cancelled([IterationReport.Ending])
        case failed(FailedCall)
    }

    func carryOut(
        terminations: [Retirement.Termination], cancellations: [Retirement.Cancellation]
    ) async -> Result {
        let instances = Dictionary(
            grouping: terminations.map {
                IterationReport.Ending(
                    id: $0.instance.id, region: $0.instance.pool.region, workerType: $0.workerType,
                    reason: $0.reason)
            }, by: \.region)
        let requests = Dictionary(
            grouping: cancellations.map {
                IterationReport.Ending(
                    id: $0.request.id, region: $0.request.region, workerType: $0.workerType, reason: $0.reason
                )
            }, by: \.region)
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for (region, endings) in instances { group.addTask { await terminate(endings, region) } }
            for (region, endings) in requests { group.addTask { await cancel(endings, region) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return outcomes.reduce(into: Result()) { result, outcome in
            switch outcome {
            case .terminated(let endings): result.terminated += endings
            case .cancelled(let endings): result.cancelled += endings
            case .failed(let call): result.failures.append(call)
            }
        }
    }

    private func terminate(_ endings: [IterationReport.Ending], _ region: String) async -> Outcome {
        if dryRun { return .terminated(endings) }
        switch await attempt({ try await ec2.terminateInstances(endings.map(\.id), region: region) }) {
        case .success: return .terminated(endings)
        case .failure(let failure): return .failed(FailedCall("terminate \(region)", failure))
        }
    }

    private func cancel(_ endings: [IterationReport.Ending], _ region: String) async -> Outcome {
        if dryRun { return .cancelled(endings) }
        switch await attempt({ try await ec2.cancelSpotRequests(endings.map(\.id), region: region) }) {
        case .success: return .cancelled(endings)
        case .failure(let failure): return .failed(FailedCall("cancel \(region)", failure))
        }
    }
}
