import Formats

/// The images of a definition's pools: `ImageId` of the most specific layer.
package struct PoolImages: Sendable {
    /// By instance type.
    private var types: [String: String] = [:]
    /// By zone.
    private var zones: [String: String] = [:]
    /// By region.
    private var regions: [String: String] = [:]
    private let definition: WorkerTypeDefinition

    package init(of definition: WorkerTypeDefinition) {
        self.definition = definition
        func image(_ specification: JSONObject) -> String? { specification["ImageId"]?.stringValue }
        for type in definition.instanceTypes { types[type.instanceType] = image(type.launchSpec) }
        for zone in definition.availabilityZones { zones[zone.availabilityZone] = image(zone.launchSpec) }
        for region in definition.regions {
            regions[region.region] = image(region.launchSpec) ?? image(definition.launchSpec)
        }
    }

    /// The image of a pool; nil where the definition names none.
    func image(of pool: Pool) -> String? {
        types[pool.instanceType] ?? zones[pool.availabilityZone] ?? regions[pool.region]
    }

    /// The images of all pools of a region.
    package func images(in region: String) -> Set<String> {
        var images = Set(definition.instanceTypes.compactMap { types[$0.instanceType] })
        guard definition.instanceTypes.contains(where: { types[$0.instanceType] == nil }) else {
            return images
        }
        let named = definition.availabilityZones.filter { $0.region == region }
        let general = regions[region]
        let others = named.isEmpty ? [general] : named.map { zones[$0.availabilityZone] ?? general }
        images.formUnion(others.compactMap(\.self))
        return images
    }
}
