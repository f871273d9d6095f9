package import Domain
package import Formats
package import FoundationEssentials

extension WorkerTypeDefinition {
    /// A small valid definition.
    package static func sample(
        minCapacity: Int = 0, maxCapacity: Int = 100, scalingRatio: Double = 0, minPrice: Double = 0,
        maxPrice: Double = 10, types: [(String, Int, Double)] = [("c5.xlarge", 1, 1)],
        regions: [String] = ["us-east-1"], secrets: JSONObject = [:], canUseOndemand: Bool = false,
        canUseSpot: Bool = true
    ) -> WorkerTypeDefinition {
        WorkerTypeDefinition(
            launchSpec: ["SecurityGroups": ["default"]], userData: ["setting": "value"], secrets: secrets,
            scopes: ["worker:cache:*"], minCapacity: minCapacity, maxCapacity: maxCapacity,
            scalingRatio: scalingRatio, minPrice: minPrice, maxPrice: maxPrice,
            canUseOndemand: canUseOndemand, canUseSpot: canUseSpot,
            instanceTypes: types.map {
                InstanceTypeConfiguration(instanceType: $0.0, capacity: $0.1, utility: $0.2)
            },
            regions: regions.map {
                RegionConfiguration(region: $0, launchSpec: ["ImageId": "ami-12c6146b"])
            }, description: "for a test", owner: "tester@example.com")
    }
}

extension WorkerType {
    package static func sample(
        _ name: String = "alpha", _ definition: WorkerTypeDefinition = .sample(),
        lastModified: Date = .start
    ) -> WorkerType {
        WorkerType(name: name, definition: definition, lastModified: lastModified)
    }
}

extension Date {
    /// The time at which tests begin, in whole seconds.
    package static let start = Date(timeIntervalSince1970: 1_700_000_000)

    package func plus(minutes: Double) -> Date { addingTimeInterval(minutes * 60) }
}
