package import FoundationEssentials

/// One region at one time, as EC2 reported it: our instances, our spot requests and the available zones.
package struct RegionState: Hashable, Codable, Sendable {
    package var region: String
    package var instances: [Instance]
    package var spotRequests: [SpotRequest]
    /// The names of the availability zones in state `available`.
    package var availabilityZones: [String]
    package var fetchedAt: Date

    /// - Parameters:
    ///   - instances: may contain an id twice, because pages can change while they are read; the last one counts.
    ///   - spotRequests: likewise.
    package init(
        region: String, instances: [Instance], spotRequests: [SpotRequest], availabilityZones: [String],
        fetchedAt: Date
    ) {
        self.region = region
        self.instances = Self.once(instances)
        self.spotRequests = Self.once(spotRequests)
        self.availabilityZones = availabilityZones
        self.fetchedAt = fetchedAt
    }

    private static func once<Item: Identifiable>(_ items: [Item]) -> [Item] {
        var places: [Item.ID: Int] = [:]
        places.reserveCapacity(items.count)
        var kept: [Item] = []
        kept.reserveCapacity(items.count)
        for item in items {
            if let place = places[item.id] {
                kept[place] = item
            } else {
                places[item.id] = kept.count
                kept.append(item)
            }
        }
        return kept
    }

    /// Ids of the launches that tags and client tokens name.
    package var launchIds: [String] {
        instances.flatMap { [$0.tags[Ownership.Tag.launchId], $0.clientToken].compactMap(\.self) }
            + spotRequests.compactMap { $0.tags[Ownership.Tag.launchId] }
    }

    /// Adds instances that were read by their ids.
    package mutating func add(_ found: [Instance]) { instances = Self.once(instances + found) }
}
