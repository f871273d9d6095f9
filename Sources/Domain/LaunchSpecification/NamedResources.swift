import Formats

/// The resources of one region that a definition refers to.
package struct NamedResources: Hashable, Sendable {
    package var images: Set<String> = []
    package var groupNames: Set<String> = []
    package var groupIds: Set<String> = []
}

extension WorkerTypeDefinition {
    /// The resources that must exist in each region, by region.
    package var namedResources: [String: NamedResources] {
        previewPools.reduce(into: [:]) { named, pool in
            let specification = PoolLayers(self, pool: pool).specification
            func texts(_ key: String) -> [String] {
                specification[key]?.arrayValue?.compactMap(\.stringValue) ?? []
            }
            if let image = specification["ImageId"]?.stringValue {
                named[pool.region, default: NamedResources()].images.insert(image)
            }
            named[pool.region, default: NamedResources()].groupNames.formUnion(texts("SecurityGroups"))
            named[pool.region, default: NamedResources()].groupIds.formUnion(texts("SecurityGroupIds"))
        }
    }
}
