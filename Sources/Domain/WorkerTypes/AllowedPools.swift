import Algorithms

/// The pools that a worker type allows, and the capacity of an instance in them.
///
/// A pool is allowed when the definition lists its region and its instance type, and, where the definition names zones of
/// that region, its zone.
package struct AllowedPools: Sendable {
    private let regions: Set<String>
    private let namedZones: [String: Set<String>]
    private let types: [String: InstanceTypeConfiguration]
    private let subnets: SubnetChoice?

    package init(of definition: WorkerTypeDefinition) {
        regions = Set(definition.regions.map(\.region))
        subnets = definition.subnetChoice
        namedZones = Dictionary(grouping: definition.availabilityZones, by: \.region).mapValues {
            Set($0.map(\.availabilityZone))
        }
        types = definition.instanceTypes.keyed(
            by: \.instanceType, resolvingConflictsWith: { _, first, _ in first })
    }

    /// The configuration of a pool's instance type; nil where the pool is not allowed.
    package func configuration(of pool: Pool) -> InstanceTypeConfiguration? {
        guard regions.contains(pool.region), zones(in: pool.region).contains(pool.availabilityZone) else {
            return nil
        }
        return types[pool.instanceType]
    }

    /// The allowed zones of a region.
    package func zones(in region: String) -> AllowedZones {
        AllowedZones(region: region, named: namedZones[region], subnets: subnets)
    }

    /// The capacity of an instance. A type that the definition no longer lists keeps the capacity of its launch.
    ///
    /// - Parameter launched: the capacity in the record of the launch; nil without a record, which counts as 1.
    package func capacity(ofInstanceType instanceType: String, launched: Int? = nil) -> Int {
        max(1, types[instanceType]?.capacity ?? launched ?? 1)
    }
}

/// The allowed zones of one region: the named zones, or all availability zones where none is named. Local and wavelength
/// zones must be named: most images, volumes and instance types are not available there. With the setting `subnets`, only
/// zones with a usable subnet.
package struct AllowedZones: Sendable {
    fileprivate let region: String
    fileprivate let named: Set<String>?
    fileprivate let subnets: SubnetChoice?

    package func contains(_ zone: String) -> Bool {
        if let subnets, subnets[zone] == nil { return false }
        if let named { return named.contains(zone) }
        // us-east-1a; local zones are named us-east-1-bos-1a, wavelength zones us-east-1-wl1-bos-wlz-1.
        return !zone.hasPrefix(region + "-")
    }
}
