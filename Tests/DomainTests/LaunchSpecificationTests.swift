import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("Launch specification")
struct LaunchSpecificationTests {
    private var definition: WorkerTypeDefinition {
        var definition = WorkerTypeDefinition.sample(secrets: ["a": "general", "b": "general"])
        definition.launchSpec = ["EbsOptimized": false, "SecurityGroups": ["general"], "KernelId": "general"]
        definition.userData = ["a": ["deep": 1], "b": "general", "c": "general", "d": "general"]
        definition.scopes = ["z", "general"]
        definition.regions[0].launchSpec = ["ImageId": "ami-1", "SecurityGroups": ["region"]]
        definition.regions[0].userData = ["b": "region", "c": "region", "d": "region"]
        definition.regions[0].scopes = ["region", "z"]
        definition.regions[0].secrets = ["b": "region"]
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1b", launchSpec: ["KernelId": "zone"],
                userData: ["c": "zone", "d": "zone"])
        ]
        definition.instanceTypes[0].launchSpec = ["EbsOptimized": true]
        definition.instanceTypes[0].userData = ["a": ["other": 2], "d": "type"]
        definition.instanceTypes[0].scopes = ["type"]
        return definition
    }

    private let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1b", instanceType: "c5.xlarge")

    @Test("General, region, zone and type follow one another; later keys replace earlier ones whole")
    func cascade() {
        let merged = LaunchSpecification(definition, pool: pool, keyName: "key")
        #expect(
            merged.specification == [
                "ImageId": "ami-1", "SecurityGroups": ["region"], "KernelId": "zone", "EbsOptimized": true,
                "InstanceType": "c5.xlarge", "KeyName": "key",
                "Placement": ["AvailabilityZone": "us-east-1b"],
            ])
        #expect(
            merged.userData == ["a": ["other": 2], "b": "region", "c": "zone", "d": "type"])
        #expect(merged.secrets == ["a": "general", "b": "region"])
        #expect(merged.scopes == ["general", "region", "type", "z"])
    }

    @Test("Another zone of the region does not get the named zone's settings")
    func otherZone() {
        let elsewhere = Pool(
            region: "us-east-1", availabilityZone: "us-east-1c", instanceType: "c5.xlarge")
        let merged = LaunchSpecification(definition, pool: elsewhere, keyName: nil)
        #expect(merged.specification["KernelId"] == "general")
        #expect(merged.specification["KeyName"] == nil)
    }

    @Test("The generated user data has the documented keys")
    func userData() throws {
        let data = GeneratedUserData(
            workerType: .sample("alpha", definition), pool: pool, capacity: 4, data: ["x": 1],
            price: Price(usd: 0.1), spotBid: Price(usd: 0.2), provisionerId: "p",
            provisionerBaseUrl: "https://a/v1", taskclusterRootUrl: "https://tc", securityToken: "token",
            generatedAt: .start)
        let object = try #require(data.json.objectValue)
        #expect(
            Set(object.keys) == [
                "availabilityZone", "capacity", "data", "instanceType", "lastModified", "launchSpecGenerated",
                "price", "provisionerBaseUrl", "provisionerId", "region", "securityToken", "spotBid",
                "taskclusterRootUrl", "workerType",
            ])
        #expect(object["launchSpecGenerated"] == "2023-11-14T22:13:20.000Z")
        #expect(object["capacity"] == 4)
        #expect(object["data"] == ["x": 1])
    }
}
