package import Domain
import Formats

/// The built-in worker type of `simulate`.
package enum SimulatedWorkerType {
    static let families = ["c4", "c5", "c5d", "m4", "m5", "m5d", "r5"]
    /// Sizes with their capacity, which is proportional to the vCPUs.
    static let sizes = [("large", 1), ("xlarge", 2), ("2xlarge", 4), ("4xlarge", 8), ("8xlarge", 16)]

    /// - Parameter mixed: all sizes, instead of 4xlarge with capacity 1.
    package static func instanceTypes(mixed: Bool) -> [(name: String, capacity: Int)] {
        families.flatMap { family in
            mixed ? sizes.map { ("\(family).\($0.0)", $0.1) } : [("\(family).4xlarge", 1)]
        }
    }

    package static func definition(regions: [String], mixed: Bool) -> WorkerTypeDefinition {
        WorkerTypeDefinition(
            maxCapacity: 5000, scalingRatio: 0, minPrice: 0, maxPrice: 10,
            instanceTypes: instanceTypes(mixed: mixed).map {
                InstanceTypeConfiguration(instanceType: $0.name, capacity: $0.capacity, utility: 1)
            },
            regions: regions.map {
                RegionConfiguration(region: $0, launchSpec: ["ImageId": "ami-12c6146b"])
            }, description: "of the simulation", owner: "simulation@example.com")
    }
}
