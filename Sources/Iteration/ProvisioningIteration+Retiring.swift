import Domain
import FoundationEssentials
import Storage

extension ProvisioningIteration {
    /// Ends what has outlived its use, in the regions that were read just now, and sees to it that what was told to
    /// end does.
    ///
    /// - Parameter present: the names of all defined worker types, those that this iteration skips too.
    /// - Returns: ids of what is gone or about to be.
    func retire(
        _ snapshot: Snapshot, present: Set<String>, _ launches: [String: Launch], now: Date,
        _ backOffs: inout BackOffLedger, _ report: inout IterationReport
    ) async throws -> Set<String> {
        let fleet = Fleet(snapshot.fresh, ownership: deployment.ownership, launches: launches)
        let review = TerminationReview(
            pending: try database.terminations.pending(), states: snapshot.fresh, rules: deployment.rules,
            now: now)
        let retirement = Retirement(
            fleet, present: present, removed: try database.workerTypes.removed(),
            launches: launches, awaited: review.awaited, rules: deployment.rules, now: now)
        report.warnings += retirement.warnings(fleet, overdue: review.overdue)
        let retired = await Retiring(ec2: ec2, dryRun: dryRun).carryOut(
            terminations: retirement.terminations, cancellations: retirement.cancellations)
        report.terminated += retired.terminated
        report.cancelled += retired.cancelled
        report.failures += retired.failures
        if !dryRun {
            let done = retired.gone
            let asked = retirement.terminations.filter { done.contains($0.instance.id) }
            try database.terminations.record(asked: asked, gone: review.gone, now: now)
            let stalled = retirement.cancellations.filter {
                $0.reason == .stalled && done.contains($0.request.id)
            }
            for item in stalled { try backOff(item.request, &backOffs) }
        }
        return retired.gone.union(review.awaited)
    }

    /// A pool that did not fulfil a request in time has nothing to give now.
    private func backOff(_ request: SpotRequest, _ backOffs: inout BackOffLedger) throws {
        guard let zone = request.availabilityZone else { return }
        let pool = Pool(
            region: request.region, availabilityZone: zone, instanceType: request.instanceType)
        try backOffs.fail(
            .pool(pool),
            ServiceFailure(
                kind: .noCapacity, code: request.statusCode, message: "a spot request was not fulfilled"))
    }
}

extension Retirement {
    /// What an operator has to look into.
    fileprivate func warnings(_ fleet: Fleet, overdue: [TerminationRecord]) -> [String] {
        var warnings = unknown.sorted { $0.key < $1.key }.map { name, ids in
            "\(ids.count) instances carry our tags for the worker type \(name), which this database never "
                + "knew: \(ids.sorted().prefix(5).joined(separator: ", "))"
        }
        if !fleet.unattributed.isEmpty {
            warnings.append(
                "\(fleet.unattributed.count) instances have a key pair of ours and no tags: "
                    + fleet.unattributed.map(\.id).sorted().prefix(5).joined(separator: ", "))
        }
        let again = Set(terminations.map(\.instance.id))
        warnings += overdue.filter { again.contains($0.instanceId) }.map { record in
            "\(record.instanceId) in \(record.region) would not terminate: told \(record.attempts + 1) times "
                + "since \(record.askedAt.timestamp) (\(record.reason.rawValue))"
        }
        return warnings
    }
}
