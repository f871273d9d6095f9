import Algorithms
import Formats
package import FoundationEssentials

/// The state of one region at one time as EC2 reports it: this deployment's instances and spot requests, and the
/// available zones.
package struct RegionState: Hashable, Codable, Sendable {
    package var region: String
    package var instances: [Instance]
    package var spotRequests: [SpotRequest]
    /// The names of the availability zones in state `available`.
    package var availabilityZones: [String]
    /// The subnets in state `available`; nil where no setting needs them.
    package var subnets: [Subnet]?
    package var fetchedAt: Date
    /// The time of EC2's response by its own clock; nil where it is unknown. Not stored.
    package var respondedAt: Date?
    /// The failure of the read of the subnets, which are the last known ones then. Not stored.
    package var subnetFailure: ServiceFailure?

    private enum CodingKeys: CodingKey {
        case region, instances, spotRequests, availabilityZones, subnets, fetchedAt
    }

    /// - Parameters:
    ///   - instances: may contain an id twice, because pages can change while they are read; the last one counts.
    ///   - spotRequests: likewise.
    package init(
        region: String, instances: [Instance], spotRequests: [SpotRequest], availabilityZones: [String],
        fetchedAt: Date
    ) {
        self.region = region
        self.instances = Self.unique(instances)
        self.spotRequests = Self.unique(spotRequests)
        self.availabilityZones = availabilityZones
        self.fetchedAt = fetchedAt
    }

    /// Removes duplicates: each item is at its first index, with its last value.
    private static func unique<Item: Identifiable>(_ items: [Item]) -> [Item] {
        let last = items.keyed(by: \.id)
        return items.uniqued(on: \.id).map { last[$0.id] ?? $0 }
    }

    /// Ids of the launches that tags and client tokens name.
    package var launchIds: [String] {
        instances.flatMap { [$0.tags[Ownership.Tag.launchId], $0.clientToken].compactMap(\.self) }
            + spotRequests.compactMap { $0.tags[Ownership.Tag.launchId] }
    }

    /// The spot requests of open launches to read by id: they are not listed, and no live instance shows their state.
    package func unlistedRequests(of launches: [Launch]) -> [String] {
        let listed = Set(spotRequests.map(\.id))
        let live = instances.filter { !$0.state.isEnding }
        let fulfilled = Set(live.compactMap(\.spotRequestId))
        let liveIds = Set(live.map(\.id))
        return launches.filter { launch in
            launch.instanceId.map { !liveIds.contains($0) } ?? true
        }.compactMap(\.spotRequestId).filter { !listed.contains($0) && !fulfilled.contains($0) }.sorted()
    }

    /// The instances of open launches and of spot requests to read by id, because they are not listed.
    package func unlistedInstances(of launches: [Launch]) -> [String] {
        let requested = Set(launches.compactMap(\.spotRequestId))
        let known =
            launches.compactMap(\.instanceId)
            + spotRequests.filter { requested.contains($0.id) }.compactMap(\.instanceId)
        return Set(known).subtracting(instances.map(\.id)).sorted()
    }

    /// Adds spot requests that were read by their ids.
    package mutating func add(_ found: [SpotRequest]) { spotRequests = Self.unique(spotRequests + found) }

    /// Whether two states of a region differ in their times at most.
    package func hasSameContent(as other: RegionState) -> Bool {
        var other = other
        other.fetchedAt = fetchedAt
        other.respondedAt = respondedAt
        other.subnetFailure = subnetFailure
        return self == other
    }

    /// Adds instances that were read by their ids.
    package mutating func add(_ found: [Instance]) { instances = Self.unique(instances + found) }
}
