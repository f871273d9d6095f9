package import Domain

/// An event of EC2 that a dry run assumes.
package enum Rehearsal: Hashable, Sendable {
    /// EC2 interrupts a spot instance.
    case interruption(instanceId: String)
    /// EC2 refuses each launch in a pool with an error code.
    case refusal(code: String, pool: Pool)

    /// The state of a region after the event.
    func applied(to state: RegionState) -> RegionState {
        guard case .interruption(let id) = self,
            let index = state.instances.firstIndex(where: { $0.id == id })
        else { return state }
        var state = state
        state.instances[index].state = .terminated
        state.instances[index].stateReason = "Server.SpotInstanceTermination"
        return state
    }

    /// The response to a launch; nil if the event does not concern it.
    func failure(of request: LaunchRequest) -> ServiceFailure? {
        guard case .refusal(let code, let pool) = self, pool == request.pool else { return nil }
        return ServiceFailure(
            kind: EC2Codes.kind(ofResponse: code, status: 400, launching: request.market), code: code,
            message: "this refusal is rehearsed")
    }
}
