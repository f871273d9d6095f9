import Domain
import FoundationEssentials
import Storage

/// Submits one region's bids in their order, a few at a time, each stored before EC2 is called.
struct RegionSubmission: Sendable {
    let iteration: ProvisioningIteration
    let id: Int64
    let workerTypes: [String: WorkerType]

    func submit(_ bids: [(bid: Bid, identity: LaunchIdentity)]) async -> [BidResult] {
        await withTaskGroup(of: BidResult.self) { group in
            var results: [BidResult] = []
            var refusals = Refusals()
            var waiting = bids[...]
            var underWay = 0
            while true {
                while underWay < iteration.launchesAtOnce, let (bid, identity) = waiting.popFirst() {
                    if let reason = refusals.reason(against: bid) ?? iteration.reasonToStop {
                        results.append(BidResult(bid, .skipped, failure: reason))
                    } else {
                        underWay += 1
                        group.addTask { await submit(bid, as: identity) }
                    }
                }
                guard let result = await group.next() else { return results }
                underWay -= 1
                refusals.note(result)
                results.append(result)
            }
        }
    }

    private func submit(_ bid: Bid, as identity: LaunchIdentity) async -> BidResult {
        guard let type = workerTypes[bid.workerType] else { return BidResult(bid, .skipped) }
        let prepared: PreparedLaunch
        do {
            prepared = try PreparedLaunch(
                bid, of: type, as: identity, iteration: id, deployment: iteration.deployment,
                now: iteration.clock())
            try iteration.database.launches.store(
                prepared.launch, request: prepared.request, securityToken: prepared.securityToken,
                secret: prepared.secret)
        } catch {
            return BidResult(
                bid, .skipped,
                failure: ServiceFailure(kind: .unreachable, code: "not-stored", message: "\(error)"))
        }
        let outcome = await iteration.call(prepared.request)
        do {
            return try iteration.record(outcome, of: prepared.launch, bid)
        } catch {
            // EC2 was called and the row says so: the next iteration finds out what came of it.
            return BidResult(
                bid, .unanswered, launchId: prepared.launch.id,
                failure: ServiceFailure(kind: .unreachable, code: "not-recorded", message: "\(error)"))
        }
    }
}

/// What this round has shown to be in vain.
private struct Refusals {
    private var subjects: [BackOff.Subject: ServiceFailure] = [:]
    private var workerTypes: [String: ServiceFailure] = [:]
    private var everything: ServiceFailure?

    mutating func note(_ result: BidResult) {
        guard let failure = result.failure else { return }
        if let subject = failure.backOffSubject(for: result.bid) {
            subjects[subject] = failure
            return
        }
        switch failure.kind {
        case .unauthorized:
            // The image, role or subnet of one worker type may be out of bounds; where a second one is refused as
            // well, it is the deployment that lacks the right.
            workerTypes[result.bid.workerType] = failure
            if workerTypes.values.count(where: { $0.kind == .unauthorized }) > 1 { everything = failure }
        case .notFound: workerTypes[result.bid.workerType] = failure
        case .tokenUsed: break
        default: everything = failure
        }
    }

    func reason(against bid: Bid) -> ServiceFailure? {
        if let reason = everything ?? workerTypes[bid.workerType] { return reason }
        let region = bid.pool.region
        let limits: [BackOff.Subject] = [
            .region(region), bid.market == .spot ? .regionSpot(region) : .regionOnDemand(region),
        ]
        return (limits + bid.offerSubjects).lazy.compactMap { subjects[$0] }.first
    }
}

extension ProvisioningIteration {
    /// Why nothing new is asked of EC2, whatever it is; nil while there is no reason.
    var reasonToStop: ServiceFailure? {
        if Task.isCancelled {
            return ServiceFailure(kind: .unreachable, code: "stopped", message: "the iteration was stopped")
        }
        if clock() >= deadline {
            return ServiceFailure(
                kind: .unreachable, code: "deadline", message: "the iteration's deadline passed")
        }
        return nil
    }

    /// Asks EC2 for a launch. A stop of the iteration does not cut the call off: what was asked is heard out.
    func call(_ request: LaunchRequest) async -> Result<LaunchAnswer, ServiceFailure> {
        await Task { await attempt { try await ec2.launch(request) } }.value
    }

    /// Writes down what EC2 answered to a launch.
    func record(
        _ outcome: Result<LaunchAnswer, ServiceFailure>, of launch: Launch, _ bid: Bid
    ) throws -> BidResult {
        switch outcome {
        case .success(let answer):
            try database.launches.update([launch.answered(answer)])
            return BidResult(
                bid, .launched, launchId: launch.id, answer: answer,
                definitionModified: launch.definitionModified)
        case .failure(let failure):
            try database.launches.update([launch.refused(failure, now: clock())])
            return BidResult(
                bid, failure.leavesOpen ? .unanswered : .failed, launchId: launch.id, failure: failure,
                definitionModified: launch.definitionModified)
        }
    }
}
