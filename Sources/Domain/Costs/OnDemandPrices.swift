/// On-demand prices by region, platform and instance type.
package struct OnDemandPrices: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        package let region: String
        package let platform: ImagePlatform
        package let instanceType: String

        package init(_ region: String, _ instanceType: String, _ platform: ImagePlatform = .linux) {
            self.region = region
            self.platform = platform
            self.instanceType = instanceType
        }

        package init(_ pool: Pool, _ platform: ImagePlatform) {
            self.init(pool.region, pool.instanceType, platform)
        }
    }

    package private(set) var all: [Key: Price] = [:]

    package init() {}

    package subscript(key: Key) -> Price? {
        get { all[key] }
        set { all[key] = newValue }
    }

    package subscript(pool: Pool, platform: ImagePlatform) -> Price? {
        all[Key(pool, platform)]
    }

    /// The regions with prices.
    package var regions: Set<String> { Set(all.keys.lazy.map(\.region)) }
}

extension OnDemandPrices.Key: Comparable {
    /// Orders by region, then instance type, then platform.
    package static func < (left: Self, right: Self) -> Bool {
        (left.region, left.instanceType, left.platform.rawValue)
            < (right.region, right.instanceType, right.platform.rawValue)
    }
}

extension WorkerTypeDefinition {
    /// The on-demand prices of the instances that the worker type may launch, for every platform.
    package var onDemandPrices: [OnDemandPrices.Key] {
        guard canUseOndemand else { return [] }
        return regions.flatMap { region in
            instanceTypes.flatMap { type in
                ImagePlatform.allCases.map { .init(region.region, type.instanceType, $0) }
            }
        }
    }
}
