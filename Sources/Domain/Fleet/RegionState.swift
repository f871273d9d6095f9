public import FoundationEssentials

/// What EC2 reported of one region at one time: our instances, our spot requests, the zones that are available.
public struct RegionState: Hashable, Codable, Sendable {
    public var region: String
    public var instances: [Instance]
    public var spotRequests: [SpotRequest]
    /// The names of the availability zones in state `available`.
    public var availabilityZones: [String]
    public var fetchedAt: Date

    /// - Parameters:
    ///   - instances: also ones that stand twice, for pages can change while they are read: the last counts.
    ///   - spotRequests: likewise.
    public init(
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

    /// Adds instances that were asked for by their ids.
    public mutating func add(_ found: [Instance]) { instances = Self.once(instances + found) }
}
