import Domain
import Formats
import TestSupport
import Testing

@Suite("Zones of regions that a definition does not list")
struct IgnoredZonesTests {
    private var definition: WorkerTypeDefinition {
        var definition = WorkerTypeDefinition.sample(regions: ["us-east-1"])
        definition.availabilityZones = [
            ("us-west-1", "us-west-1b"), ("us-east-1", "us-east-1a"), ("eu-central-1", "eu-central-1a"),
            ("us-west-1", "us-west-1c"), ("us-west-2", "us-east-1b"),
        ].map {
            AvailabilityZoneConfiguration(
                region: $0, availabilityZone: $1, launchSpec: ["SubnetId": "subnet-1", "Ignored": 1])
        }
        definition.availabilityZones[1].launchSpec = [:]
        return definition
    }

    @Test("are accepted with any launch specification, and kept")
    func accepted() throws {
        #expect(try WorkerTypeDefinition(validating: definition.json) == definition)
        #expect(definition.launchProblems(in: .requestSpotInstances).isEmpty)
        var listed = definition
        listed.regions.append(RegionConfiguration(region: "us-west-1", launchSpec: ["ImageId": "ami-1"]))
        let error = #expect(throws: WorkerTypeProblems.self) {
            try WorkerTypeDefinition(validating: listed.json)
        }
        #expect(error?.problems.first?.path == "availabilityZones[0].launchSpec.Ignored")
    }

    @Test("have no effect on pools and launches")
    func ignored() {
        #expect(definition.previewPools.map(\.availabilityZone) == ["us-east-1a"])
        var open = definition
        open.availabilityZones.remove(at: 1)
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1b", instanceType: "c5.xlarge")
        #expect(AllowedPools(of: open).configuration(of: pool) != nil)
        let merged = LaunchSpecification(open, pool: pool, keyName: nil)
        #expect(merged.specification["SubnetId"] == nil)
    }

    @Test("are named in one note")
    func note() {
        #expect(
            definition.ignoredZonesNote
                == "availabilityZones: zones of regions that the definition does not list are ignored: "
                + "eu-central-1 (eu-central-1a); us-west-1 (us-west-1b, us-west-1c); us-west-2 (us-east-1b)")
        #expect(WorkerTypeDefinition.sample().ignoredZonesNote == nil)
    }
}
