import Algorithms
import Domain

/// Terminates instances and cancels spot requests, many in one call.
struct TerminationExecutor {
    let ec2: any EC2Service

    struct Result {
        var terminated: [IterationSummary.TerminatedResource] = []
        var cancelled: [IterationSummary.TerminatedResource] = []
        var failures: [FailedCall] = []
        /// Single resources that EC2 refused to end, for example protected instances.
        var refusals: [FailedCall] = []

        /// The ids of terminated instances and cancelled requests.
        var gone: Set<String> { Set((terminated + cancelled).map(\.id)) }
    }

    /// The most ids in one call. Source: Amazon EC2 API Reference, TerminateInstances.
    private static let idsInACall = 1000

    private enum Action: Sendable {
        case terminate
        case cancel

        var subject: CallSubject.Kind { self == .terminate ? .terminate : .cancel }
    }

    private struct Outcome: Sendable {
        let action: Action
        var done: [IterationSummary.TerminatedResource]
        var failures: [FailedCall] = []
        var refusals: [FailedCall] = []
    }

    func execute(
        terminations: [TerminationPlan.Termination] = [], cancellations: [TerminationPlan.Cancellation]
    ) async -> Result {
        let instances = terminations.map {
            IterationSummary.TerminatedResource(
                id: $0.instance.id, region: $0.instance.pool.region, workerType: $0.workerType,
                reason: $0.reason)
        }
        let requests = cancellations.map {
            IterationSummary.TerminatedResource(
                id: $0.request.id, region: $0.request.region, workerType: $0.workerType, reason: $0.reason)
        }
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for batch in Self.batches(instances) { group.addTask { await call(.terminate, batch) } }
            for batch in Self.batches(requests) { group.addTask { await call(.cancel, batch) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return outcomes.reduce(into: Result()) { result, outcome in
            switch outcome.action {
            case .terminate: result.terminated += outcome.done
            case .cancel: result.cancelled += outcome.done
            }
            result.failures += outcome.failures
            result.refusals += outcome.refusals
        }
    }

    /// Splits the resources by region and into calls of the allowed size.
    private static func batches(
        _ resources: [IterationSummary.TerminatedResource]
    ) -> [[IterationSummary.TerminatedResource]] {
        resources.grouped(by: \.region).values.flatMap { inRegion in
            inRegion.chunks(ofCount: idsInACall).map(Array.init)
        }
    }

    private func call(_ action: Action, _ batch: [IterationSummary.TerminatedResource]) async -> Outcome {
        guard let region = batch.first?.region else { return Outcome(action: action, done: []) }
        let ids = batch.map(\.id)
        let response = await Swift.Result {
            switch action {
            case .terminate: try await ec2.terminateInstances(ids, region: region)
            case .cancel: try await ec2.cancelSpotRequests(ids, region: region)
            }
        }
        switch response {
        case .failure(let failure):
            return Outcome(
                action: action, done: [], failures: [FailedCall(action.subject, region, failure)])
        case .success(let refused):
            // A resource that is not visible yet is no failure: the next iteration repeats the call.
            let failed = refused.filter { $0.value.kind != .notFound }.sorted { $0.key < $1.key }.map {
                FailedCall(action.subject, $0.key, $0.value)
            }
            return Outcome(
                action: action, done: batch.filter { refused[$0.id] == nil },
                failures: failed.filter(\.failure.isMisconfiguration),
                refusals: failed.filter { !$0.failure.isMisconfiguration })
        }
    }
}
