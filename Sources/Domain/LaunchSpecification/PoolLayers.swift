import Formats

/// The parts of a definition that apply to one pool, from general to specific. Each member merges them when it is read.
struct PoolLayers {
    private let definition: WorkerTypeDefinition
    private let zoneName: String
    private let region: RegionConfiguration?
    private let zone: AvailabilityZoneConfiguration?
    private let type: InstanceTypeConfiguration?

    init(_ definition: WorkerTypeDefinition, pool: Pool) {
        self.definition = definition
        zoneName = pool.availabilityZone
        region = definition.regions.first { $0.region == pool.region }
        zone = definition.availabilityZones.first {
            $0.region == pool.region && $0.availabilityZone == pool.availabilityZone
        }
        type = definition.instanceTypes.first { $0.instanceType == pool.instanceType }
    }

    /// The merged specification with the chosen subnet, without the members that the pool determines.
    var specification: JSONObject {
        var specification = merged(
            definition.launchSpec, region?.launchSpec, zone?.launchSpec, type?.launchSpec)
        if let subnet = definition.subnetChoice?[zoneName] {
            specification["SubnetId"] = .string(subnet)
        }
        return specification
    }

    var userData: JSONObject {
        merged(definition.userData, region?.userData, zone?.userData, type?.userData)
    }

    var secrets: JSONObject { merged(definition.secrets, region?.secrets, zone?.secrets, type?.secrets) }

    /// Sorted and unique.
    var scopes: [String] {
        Set(definition.scopes + (region?.scopes ?? []) + (type?.scopes ?? [])).sorted()
    }

    private func merged(_ layers: JSONObject?...) -> JSONObject {
        layers.reduce(into: [:]) { result, layer in
            result.merge(layer ?? [:], uniquingKeysWith: { _, later in later })
        }
    }
}
