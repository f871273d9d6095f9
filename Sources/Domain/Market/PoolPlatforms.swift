/// The platforms of the pools of one worker type: that of the setting `platforms`, else those of its images.
package struct PoolPlatforms: Sendable {
    /// The platform of all pools; nil if the images determine it.
    private let common: ImagePlatform?
    private var images: PoolImages?
    private var catalog = ImageCatalog()

    /// Linux/UNIX for all pools.
    package static let linux = PoolPlatforms(common: .linux)

    private init(common: ImagePlatform) { self.common = common }

    package init(of workerType: WorkerType, catalog: ImageCatalog, rules: ProvisioningRules) {
        common = rules.platforms[workerType.name] ?? (catalog.isLinuxOnly ? .linux : nil)
        guard common == nil else { return }
        images = PoolImages(of: workerType.definition)
        self.catalog = catalog
    }

    package func platform(of pool: Pool) -> ImagePlatform {
        if let common { return common }
        return images?.image(of: pool).map { catalog.platform(of: $0, in: pool.region) } ?? .linux
    }
}
