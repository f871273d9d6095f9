import Domain
import TestSupport
import Testing

@Suite("The pools that a worker type allows")
struct AllowedPoolsTests {
    private func allowed() -> AllowedPools {
        var definition = WorkerTypeDefinition.sample()
        definition.regions = ["us-east-1", "us-west-2"].map {
            RegionConfiguration(region: $0, launchSpec: [:])
        }
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-west-2", availabilityZone: "us-west-2b", launchSpec: [:])
        ]
        definition.instanceTypes = [
            InstanceTypeConfiguration(instanceType: "m5.large", capacity: 2, utility: 1)
        ]
        return AllowedPools(of: definition)
    }

    @Test(
        "are those of its regions and types, and of the named zones of a region that has some",
        arguments: [
            ("us-east-1", "us-east-1a", "m5.large", true), ("us-east-1", "us-east-1f", "m5.large", true),
            ("us-west-2", "us-west-2b", "m5.large", true), ("us-west-2", "us-west-2a", "m5.large", false),
            ("eu-west-1", "eu-west-1a", "m5.large", false), ("us-east-1", "us-east-1a", "m5.xlarge", false),
        ])
    func configuration(region: String, zone: String, type: String, isAllowed: Bool) {
        let pool = Pool(region: region, availabilityZone: zone, instanceType: type)
        #expect((allowed().configuration(of: pool) != nil) == isAllowed)
    }

    @Test("have the capacity of their instance type, else of the launch, else 1")
    func capacity() {
        #expect(allowed().capacity(ofInstanceType: "m5.large") == 2)
        #expect(allowed().capacity(ofInstanceType: "m5.large", launched: 8) == 2)
        #expect(allowed().capacity(ofInstanceType: "m1.small", launched: 8) == 8)
        #expect(allowed().capacity(ofInstanceType: "m1.small") == 1)
    }
}

@Suite("Ids of instances")
struct InstanceIdTests {
    @Test(
        "have 8 or 17 hexadecimal digits",
        arguments: [
            ("i-0123abcd", true), ("i-0123456789abcdef0", true), ("i-0123456789ABCDEF0", true),
            ("i-0123abc", false),
            ("i-0123abcde", false), ("i-0123456789abcdefg", false), ("x-0123abcd", false), ("", false),
            ("i-", false),
        ])
    func valid(text: String, isValid: Bool) { #expect(InstanceId.isValid(text) == isValid) }
}
