package import FoundationEssentials

/// The EC2 calls that an iteration makes. The adapter EC2, the read-only wrapper of a dry run and the simulation
/// implement them.
///
/// Every method throws a `ServiceFailure`, whose kind determines the consequence.
package protocol EC2Service: Sendable {
    /// Reads this deployment's instances and spot requests in a region, and its available zones: all pages, all
    /// three calls at once. Spot requests are read in the states open, active and failed. A failure of any part fails the whole call, so that an incomplete response never looks
    /// like "no instances".
    func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState

    /// Reads the prices of instance types for platforms since a time, and the prices that were current at it.
    func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) async throws -> SpotPriceHistory

    /// Reads images by their ids. Ids that EC2 does not know are left out.
    func images(_ ids: [String], region: String) async throws -> [MachineImage]

    /// Reads the available subnets of a region, all pages.
    func subnets(region: String) async throws -> [Subnet]

    /// Launches one instance, or places one spot request. The client token makes a repetition safe.
    ///
    /// - Parameter isRetried: whether the call is retried after transient failures.
    func launch(_ request: LaunchRequest, isRetried: Bool) async throws -> LaunchResponse

    /// Reads instances by their ids, all pages. Ids that EC2 does not know are left out.
    func instances(_ ids: [String], region: String) async throws -> [Instance]

    /// Reads spot requests by their ids, in any state, all pages. Ids that EC2 does not know are left out.
    func spotRequests(_ ids: [String], region: String) async throws -> [SpotRequest]

    /// Cancels spot requests, up to 1,000 in a call. A thrown failure concerns all of them.
    ///
    /// - Returns: the requests that EC2 refused to cancel, with the reason; the others are cancelled.
    func cancelSpotRequests(_ ids: [String], region: String) async throws -> [String: ServiceFailure]

    /// Terminates instances, up to 1,000 in a call. A thrown failure concerns all of them.
    ///
    /// - Returns: the instances that EC2 refused to terminate, with the reason; the others shut down.
    func terminateInstances(_ ids: [String], region: String) async throws -> [String: ServiceFailure]

    /// Sets tags on instances and volumes that did not inherit them from their request.
    func createTags(_ tags: [String: String], on ids: [String], region: String) async throws

    /// Imports the public key in a region unless the key pair exists there.
    func ensureKeyPair(named name: String, publicKey: String, region: String) async throws
}
