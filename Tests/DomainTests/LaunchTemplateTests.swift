import Formats
import TestSupport
import Testing

@testable import Domain

@Suite("Launch templates")
struct LaunchTemplateTests {
    /// The conflicts of a template with a definition that names it.
    private func conflicts(
        _ data: JSONObject, own: JSONObject = [:], zones: [String] = [], canUseOndemand: Bool = false,
        metadataTokens: MetadataTokens = .account
    ) throws -> [String] {
        var definition = WorkerTypeDefinition.sample(canUseOndemand: canUseOndemand)
        definition.launchSpec = own.merging(["LaunchTemplate": ["LaunchTemplateName": "workers"]]) { own, _ in
            own
        }
        definition.availabilityZones = zones.map {
            AvailabilityZoneConfiguration(region: "us-east-1", availabilityZone: $0, launchSpec: [:])
        }
        let reference = try #require(LaunchTemplateReference(definition.launchSpec))
        return definition.conflicts(
            with: ["us-east-1": [LaunchTemplate(reference: reference, data: data)]],
            metadataTokens: metadataTokens)
    }

    private static let name = "us-east-1: the launch template workers version $Default"

    @Test("Network interfaces conflict with the parameters that EC2 refuses beside them")
    func network() throws {
        let data: JSONObject = ["NetworkInterfaces": [["DeviceIndex": "0"]]]
        #expect(try conflicts(data).isEmpty)
        for key in [
            "SecurityGroups", "SecurityGroupIds", "SubnetId", "Ipv6AddressCount", "EnablePrimaryIpv6",
        ] {
            let value: JSONValue = key == "SubnetId" ? "subnet-1" : ["sg-1"]
            #expect(
                try conflicts(data, own: [key: value], zones: ["us-east-1a"]) == [
                    "\(Self.name) has network interfaces, with which EC2 refuses \(key): leave it out, or give "
                        + "NetworkInterfaces"
                ])
        }
        // Network interfaces of the definition replace those of the template.
        #expect(
            try conflicts(data, own: ["SecurityGroupIds": ["sg-1"], "AddressingType": "private"]).isEmpty)
        #expect(try conflicts(data, own: ["NetworkInterfaces": [["DeviceIndex": 0]]]).isEmpty)
    }

    @Test("The subnet of a template belongs to one zone")
    func subnet() throws {
        let data: JSONObject = ["NetworkInterfaces": [["DeviceIndex": "0", "SubnetId": "subnet-1"]]]
        #expect(try conflicts(data, zones: ["us-east-1a"]).isEmpty)
        #expect(
            try conflicts(data).first?.hasPrefix("SubnetId subnet-1: applies to every zone of us-east-1")
                == true)
        #expect(try conflicts(data, zones: ["us-east-1a", "us-east-1b"]).count == 1)
    }

    @Test("The market of a template must not change that of a launch")
    func market() throws {
        func market(_ type: String, _ spot: JSONObject = [:]) -> JSONObject {
            ["InstanceMarketOptions": ["MarketType": .string(type), "SpotOptions": .object(spot)]]
        }
        #expect(try conflicts(market("spot", ["SpotInstanceType": "persistent"])).isEmpty)
        #expect(
            try conflicts(market("spot"), canUseOndemand: true).first?.contains("set canUseOndemand to false")
                == true)
        #expect(try conflicts(market("capacity-block")).count == 1)
        #expect(try conflicts(market("spot", ["ValidUntil": "2026-01-01T00:00:00Z"])).count == 1)
    }

    @Test(
        "A disabled metadata service conflicts with its options, and some parameters with every worker type")
    func others() throws {
        let disabled: JSONObject = ["MetadataOptions": ["HttpEndpoint": "disabled"]]
        #expect(try conflicts(disabled).isEmpty)
        #expect(try conflicts(disabled, metadataTokens: .required).count == 1)
        #expect(try conflicts(disabled, own: ["MetadataOptions": ["HttpTokens": "required"]]).count == 1)
        #expect(
            try conflicts(["MetadataOptions": ["HttpTokens": "optional"]], metadataTokens: .required).isEmpty)
        #expect(try conflicts(["DisableApiTermination": true, "InstanceRequirements": [:]]).count == 2)
        #expect(try conflicts(["DisableApiTermination": false]).isEmpty)
    }

    @Test("The parameters of the definition replace those of the template")
    func merged() throws {
        let reference = try #require(
            LaunchTemplateReference(["LaunchTemplate": ["LaunchTemplateId": "lt-1"]]))
        let template = LaunchTemplate(
            reference: reference, data: ["ImageId": "ami-1", "KeyName": "template"])
        #expect(
            template.merged(into: ["ImageId": "ami-2", "EbsOptimized": true]) == [
                "ImageId": "ami-2", "KeyName": "template", "EbsOptimized": true,
            ])
        #expect(reference.description == "lt-1 version $Default")
        #expect(LaunchTemplateReference([:]) == nil)
    }
}
