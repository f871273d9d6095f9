public import Domain
public import FoundationEssentials

/// What an iteration needs of EC2. The real client, the dry run and the simulation meet it alike.
///
/// Every method throws a `ServiceFailure` that says what follows from the failure.
public protocol EC2Service: Sendable {
    /// Our instances and spot requests in a region, and its available zones: all pages, all three calls at once.
    /// A failure of any part is a failure of the whole, so that a broken answer never looks like "no instances".
    func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState

    /// Every `Linux/UNIX` price of these types since a time, and the ones in force at it.
    func spotPrices(region: String, instanceTypes: [String], since: Date) async throws -> [SpotPrice]

    /// Launches one instance, or places one spot request. Safe to repeat: the client token makes it one.
    func launch(_ request: LaunchRequest) async throws -> LaunchAnswer

    /// The instances of these ids, those left out that EC2 does not show: all pages.
    func instances(_ ids: [String], region: String) async throws -> [Instance]

    /// Cancels spot requests, up to 1,000 in a call. What is thrown concerns them all; what is answered are those
    /// that EC2 would not cancel, though it did the others.
    func cancelSpotRequests(_ ids: [String], region: String) async throws -> [String: ServiceFailure]

    /// Terminates instances, up to 1,000 in a call. What is thrown concerns them all; what is answered are those
    /// that EC2 would not terminate, though it did the others.
    func terminateInstances(_ ids: [String], region: String) async throws -> [String: ServiceFailure]

    /// Puts tags on instances and volumes that did not inherit them from their request.
    func createTags(_ tags: [String: String], on ids: [String], region: String) async throws

    /// Makes sure that the region has the key pair, importing the public key where it is missing.
    func ensureKeyPair(named name: String, publicKey: String, region: String) async throws
}

/// What an iteration needs of the Taskcluster Queue.
public protocol TaskQueue: Sendable {
    /// How many tasks wait for a worker type. Throws a `ServiceFailure`.
    func pendingTasks(provisionerId: String, workerType: String) async throws -> Int
}
