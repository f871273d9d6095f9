public import FoundationEssentials

/// What EC2 reported of one region at one time: our instances, our spot requests, the zones that are available.
public struct RegionState: Hashable, Codable, Sendable {
    public var region: String
    public var instances: [Instance]
    public var spotRequests: [SpotRequest]
    /// The names of the availability zones in state `available`.
    public var availabilityZones: [String]
    public var fetchedAt: Date

    public init(
        region: String, instances: [Instance], spotRequests: [SpotRequest], availabilityZones: [String],
        fetchedAt: Date
    ) {
        self.region = region
        self.instances = instances
        self.spotRequests = spotRequests
        self.availabilityZones = availabilityZones
        self.fetchedAt = fetchedAt
    }
}
