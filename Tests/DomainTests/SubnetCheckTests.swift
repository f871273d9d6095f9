import Domain
import Formats
import TestSupport
import Testing

@Suite("The check of subnets")
struct SubnetCheckTests {
    /// The problems of a definition with zones that have a subnet, or none.
    private func problems(
        general: JSONObject = [:], type: JSONObject = [:], regions: [String] = ["us-east-1"],
        zones: [(String, String?)] = []
    ) -> [String] {
        var definition = WorkerTypeDefinition.sample(regions: regions)
        definition.launchSpec = general
        definition.instanceTypes[0].launchSpec = type
        definition.availabilityZones = zones.map { zone, subnet in
            AvailabilityZoneConfiguration(
                region: String(zone.dropLast()), availabilityZone: zone,
                launchSpec: subnet.map { ["SubnetId": .string($0)] } ?? [:])
        }
        do throws(WorkerTypeProblems) {
            _ = try WorkerTypeDefinition(validating: definition.json)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    private func problem(_ places: String) -> [String] {
        [
            "SubnetId subnet-1: applies to \(places), and a subnet belongs to one zone: list the zone in "
                + "availabilityZones, with SubnetId in its launchSpec"
        ]
    }

    @Test("A subnet of one named zone is accepted, in every layer")
    func oneZone() {
        #expect(problems(general: ["SubnetId": "subnet-1"], zones: [("us-east-1a", nil)]).isEmpty)
        #expect(problems(type: ["SubnetId": "subnet-1"], zones: [("us-east-1a", nil)]).isEmpty)
        #expect(problems(zones: [("us-east-1a", "subnet-1"), ("us-east-1b", "subnet-2")]).isEmpty)
        // The zones replace the subnet.
        #expect(
            problems(
                general: ["SubnetId": "subnet-0"],
                zones: [("us-east-1a", "subnet-1"), ("us-east-1b", "subnet-2")]
            ).isEmpty)
    }

    @Test("A subnet in a region without named zones is refused, also in a network interface")
    func noZone() {
        let expected = problem("every zone of us-east-1")
        #expect(problems(general: ["SubnetId": "subnet-1"]) == expected)
        #expect(problems(type: ["SubnetId": "subnet-1"]) == expected)
        #expect(
            problems(general: ["NetworkInterfaces": [["DeviceIndex": 0, "SubnetId": "subnet-1"]]]) == expected
        )
    }

    @Test("A subnet of two zones or two regions is refused")
    func twoZones() {
        #expect(
            problems(general: ["SubnetId": "subnet-1"], zones: [("us-east-1a", nil), ("us-east-1b", nil)])
                == problem("us-east-1a, us-east-1b"))
        #expect(
            problems(zones: [("us-east-1a", "subnet-1"), ("us-east-1b", "subnet-1")])
                == problem("us-east-1a, us-east-1b"))
        #expect(
            problems(
                general: ["SubnetId": "subnet-1"], regions: ["us-east-1", "eu-west-1"],
                zones: [("us-east-1a", nil), ("eu-west-1a", nil)]) == problem("eu-west-1a, us-east-1a"))
    }
}
