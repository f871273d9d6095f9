package import Formats

/// The definition of a worker type: bounds of capacity and price, regions, instance types, and data of its workers.
///
/// The fields are those of the API's create-worker-type request, under the same names.
package struct WorkerTypeDefinition: Hashable, Sendable {
    /// The part of the launch specification for all pools.
    package var launchSpec: JSONObject
    package var userData: JSONObject
    package var secrets: JSONObject
    package var scopes: [String]
    package var minCapacity: Int
    package var maxCapacity: Int
    /// The number of pending tasks for each unit of running capacity above which more is bought.
    package var scalingRatio: Double
    /// The bounds of the effective price, US dollars an hour. A bid is never below `minPrice`.
    package var minPrice: Double
    package var maxPrice: Double
    package var canUseOndemand: Bool
    package var canUseSpot: Bool
    package var instanceTypes: [InstanceTypeConfiguration]
    package var regions: [RegionConfiguration]
    package var availabilityZones: [AvailabilityZoneConfiguration]
    package var description: String
    package var owner: String
    /// The subnets that the setting `subnets` chooses; nil without the setting. Not part of the stored definition.
    package var subnetChoice: SubnetChoice?

    package init(
        launchSpec: JSONObject = [:], userData: JSONObject = [:], secrets: JSONObject = [:],
        scopes: [String] = [],
        minCapacity: Int = 0, maxCapacity: Int, scalingRatio: Double, minPrice: Double, maxPrice: Double,
        canUseOndemand: Bool = false, canUseSpot: Bool = true, instanceTypes: [InstanceTypeConfiguration],
        regions: [RegionConfiguration], availabilityZones: [AvailabilityZoneConfiguration] = [],
        description: String = "", owner: String = ""
    ) {
        self.launchSpec = launchSpec
        self.userData = userData
        self.secrets = secrets
        self.scopes = scopes
        self.minCapacity = minCapacity
        self.maxCapacity = maxCapacity
        self.scalingRatio = scalingRatio
        self.minPrice = minPrice
        self.maxPrice = maxPrice
        self.canUseOndemand = canUseOndemand
        self.canUseSpot = canUseSpot
        self.instanceTypes = instanceTypes
        self.regions = regions
        self.availabilityZones = availabilityZones
        self.description = description
        self.owner = owner
    }
}

extension WorkerTypeDefinition {
    /// The smallest capacity of an instance of the listed types.
    package var smallestCapacity: Int { instanceTypes.map(\.capacity).min() ?? 1 }
}
