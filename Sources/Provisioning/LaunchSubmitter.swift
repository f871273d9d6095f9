import Domain
import Formats
import FoundationEssentials
import Storage

/// Submits a single launch: stores it, calls EC2 and records the response.
struct LaunchSubmitter: Sendable {
    let database: ProvisionerDatabase
    let deployment: Deployment
    let ec2: any EC2Service
    /// Nothing is submitted after it.
    let deadline: Date
    let clock: @Sendable () -> Date
    let clockCheck: ClockCheck
    let images: ImageCatalog

    /// Why no further launch is submitted; nil while there is no reason.
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

    /// Stores a launch for a bid, calls EC2 and records the response.
    ///
    /// - Parameter fingerprint: of the definition.
    func submit(
        _ bid: Bid, of type: WorkerType, fingerprint: String, as identity: LaunchIdentity, iteration: Int64
    ) async -> BidResult {
        let prepared: PreparedLaunch
        let now = clock()
        do {
            prepared = try PreparedLaunch(
                bid, of: type, fingerprint: fingerprint, as: identity, iteration: iteration,
                deployment: deployment, images: images, createdAt: clockCheck.time(now), now: now)
            try database.launches.store(
                prepared.launch, request: prepared.request, securityToken: prepared.securityToken,
                secret: prepared.secret)
        } catch let failure as ServiceFailure {
            return BidResult(bid, .failed, failure: failure, definition: fingerprint)
        } catch {
            return BidResult(
                bid, .skipped,
                failure: ServiceFailure(kind: .unreachable, code: "not-stored", message: "\(error)"))
        }
        do {
            return try await submit(prepared.request, of: prepared.launch, for: bid)
        } catch {
            // The next iteration looks for the resources of the stored launch.
            return BidResult(
                bid, .unanswered, launchId: prepared.launch.id,
                failure: ServiceFailure(kind: .unreachable, code: "not-recorded", message: "\(error)"))
        }
    }

    /// The failure with the meaning that the request gives it: only the imported key pair may be unknown to EC2 for a while.
    private func classified(_ failure: ServiceFailure, of request: LaunchRequest) throws -> ServiceFailure {
        guard failure.kind == .notFound else { return failure }
        let name = request.launchSpecification["KeyName"]?.stringValue
        if name == (try deployment.keyName()) { return failure }
        return ServiceFailure(kind: .missingResource, code: failure.code, message: failure.message)
    }

    /// Calls EC2 for a stored launch and records the response. Throws when it cannot be recorded.
    ///
    /// A stop of the iteration does not cancel the call.
    ///
    /// - Parameter isRetried: whether the call is retried after transient failures.
    func submit(
        _ request: LaunchRequest, of launch: Launch, for bid: Bid, isRetried: Bool = true
    ) async throws -> BidResult {
        var launch = launch
        launch.submittedAt = clockCheck.time(clock()).wholeMilliseconds
        let response = await Task { await Result { try await ec2.launch(request, isRetried: isRetried) } }
            .value
        switch response {
        case .success(.planned):
            return BidResult(bid, .planned)
        case .success(let response):
            try database.launches.update([launch.accepted(response)])
            return BidResult(
                bid, .launched, launchId: launch.id, answer: response,
                definition: launch.definition)
        case .failure(let response):
            let failure = try classified(response, of: request)
            try database.launches.update([launch.refused(failure, now: clock())])
            return BidResult(
                bid, failure.leavesOpen ? .unanswered : .failed, launchId: launch.id,
                failure: failure, definition: launch.definition)
        }
    }
}
