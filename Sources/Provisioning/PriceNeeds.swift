import Domain
import Storage

/// The instance types and platforms of a region whose spot prices the decisions need.
struct PriceNeeds: Sendable {
    private(set) var instanceTypes: Set<String> = []
    /// The images that determine platforms: those of worker types without a platform in the settings.
    private(set) var images: Set<String> = []
    /// The platforms that the settings give worker types.
    private var givenPlatforms: Set<ImagePlatform> = []

    /// The needs of all worker types, by region.
    static func byRegion(
        _ workerTypes: [WorkerType], in regions: [String], rules: ProvisioningRules
    ) -> [String: PriceNeeds] {
        var needs: [String: PriceNeeds] = [:]
        let managed = Set(regions)
        for type in workerTypes {
            let instanceTypes = type.definition.instanceTypes.map(\.instanceType)
            let platform = rules.platforms[type.name]
            let images = platform == nil ? PoolImages(of: type.definition) : nil
            for region in type.definition.regions.map(\.region) where managed.contains(region) {
                needs[region, default: PriceNeeds()].instanceTypes.formUnion(instanceTypes)
                if let platform { needs[region]?.givenPlatforms.insert(platform) }
                if let images { needs[region]?.images.formUnion(images.images(in: region)) }
            }
        }
        return needs
    }

    /// - Parameter catalog: contains the images of the region that are known.
    func platforms(in region: String, _ catalog: ImageCatalog) -> Set<ImagePlatform> {
        givenPlatforms.union(images.map { catalog.platform(of: $0, in: region) })
    }
}
