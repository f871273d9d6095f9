import Domain
import FoundationEssentials

/// EC2 for a dry run: passes the reads on, and accepts every change without making it.
struct ReadOnlyEC2: EC2Service {
    let ec2: any EC2Service
    /// The event that the dry run assumes.
    let rehearsal: Rehearsal?

    func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState {
        let state = try await ec2.regionState(region, ownership: ownership, now: now)
        return rehearsal?.applied(to: state) ?? state
    }

    func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) async throws -> SpotPriceHistory {
        try await ec2.spotPrices(
            region: region, instanceTypes: instanceTypes, platforms: platforms, since: since)
    }

    func images(_ ids: [String], region: String) async throws -> [MachineImage] {
        try await ec2.images(ids, region: region)
    }

    func subnets(region: String) async throws -> [Subnet] { try await ec2.subnets(region: region) }

    func instances(_ ids: [String], region: String) async throws -> [Instance] {
        try await ec2.instances(ids, region: region)
    }

    func spotRequests(_ ids: [String], region: String) async throws -> [SpotRequest] {
        try await ec2.spotRequests(ids, region: region)
    }

    func launch(_ request: LaunchRequest, isRetried: Bool) throws -> LaunchResponse {
        if let failure = rehearsal?.failure(of: request) { throw failure }
        return .planned
    }

    func cancelSpotRequests(_ ids: [String], region: String) -> [String: ServiceFailure] { [:] }

    func terminateInstances(_ ids: [String], region: String) -> [String: ServiceFailure] { [:] }

    func createTags(_ tags: [String: String], on ids: [String], region: String) {}

    func ensureKeyPair(named name: String, publicKey: String, region: String) {}
}
