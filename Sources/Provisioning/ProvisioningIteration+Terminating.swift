import Domain
import Formats
import FoundationEssentials
import Storage

extension ProvisioningIteration {
    /// Terminates instances and cancels requests in the regions that were read, and verifies earlier terminations.
    ///
    /// - Parameters:
    ///   - present: the names of the worker types that are defined.
    ///   - byAge: whether resources may end because of their age.
    /// - Returns: ids of resources that are terminated or terminating.
    func terminate(
        _ fleet: Fleet, in snapshot: Snapshot, present: Set<String>, launches: [String: Launch],
        byAge: Bool, now: Date, holds: inout StoredHolds, report: inout IterationReport
    ) async throws -> Set<String> {
        let review = TerminationReview(
            pending: try database.terminations.pending(), states: snapshot.fresh, rules: deployment.rules,
            now: now)
        let plan = TerminationPlan(
            fleet, readRegions: snapshot.readRegions, present: present,
            removed: try database.workerTypes.removed(), launches: launches, awaited: review.awaited,
            byAge: byAge, rules: deployment.rules, now: now)
        report.warnings += plan.warnings(overdue: review.overdue)
        let result = await TerminationExecutor(ec2: ec2).execute(
            terminations: plan.terminations, cancellations: plan.cancellations)
        report.terminated += result.terminated
        report.cancelled += result.cancelled
        report.failures += result.failures
        report.warnings += result.refusals.map(\.refusalWarning)

        let gone = result.gone
        let asked = plan.terminations.filter { gone.contains($0.instance.id) }
        try database.terminations.record(asked: asked, gone: review.gone, now: now)
        for item in plan.cancellations
        where item.reason == .stalled && gone.contains(item.request.id) {
            try hold(poolOf: item.request, &holds)
        }
        return gone.union(review.awaited)
    }

    /// Holds the pool of a request that EC2 did not fulfil in time, for lack of capacity.
    private func hold(poolOf request: SpotRequest, _ holds: inout StoredHolds) throws {
        guard let zone = request.availabilityZone else { return }
        let pool = Pool(
            region: request.region, availabilityZone: zone, instanceType: request.instanceType)
        try holds.fail(
            LaunchTarget(in: pool, .spot),
            ServiceFailure(
                kind: .noCapacity, code: request.statusCode, message: "a spot request was not fulfilled"))
    }
}

extension FailedCall {
    /// The problem of a resource that EC2 refuses to end. It does not fail the iteration: a person must remove the
    /// protection.
    var refusalWarning: String { "\(subject): EC2 refuses: \(failure)" }
}

extension TerminationPlan {
    /// Conditions that an operator should investigate.
    fileprivate func warnings(overdue: [TerminationRecord]) -> [String] {
        var warnings = unknown.sorted { $0.key < $1.key }.map { name, ids in
            "\(ids.count) instances of worker type \(name) have this deployment's tags, and this database did not "
                + "launch them; another deployment may have the same provisionerId: "
                + ids.sorted().prefix(5).joined(separator: ", ")
        }
        if !unattributed.isEmpty {
            warnings.append(
                "\(unattributed.count) instances have this deployment's key pair and no tags: "
                    + unattributed.map(\.id).sorted().prefix(5).joined(separator: ", "))
        }
        let again = Set(terminations.map(\.instance.id))
        warnings += overdue.filter { again.contains($0.instanceId) }.map { record in
            "\(record.instanceId) in \(record.region) does not terminate: requested \(record.attempts + 1) times "
                + "since \(record.askedAt.timestamp) (\(record.reason.rawValue))"
        }
        return warnings
    }
}
