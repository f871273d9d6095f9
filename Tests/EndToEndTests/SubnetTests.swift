import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The setting subnets")
struct SubnetTests {
    @Test("chooses a subnet of the zone by its tag, and explain shows its free addresses")
    func chosen() async throws {
        var deployment = try await Deployment(regions: ["us-east-1"])
        let vpc = try #require(try await deployment.aws("describe_vpcs").list("Vpcs").first?.text("VpcId"))
        let group = try #require(
            try await deployment.aws("describe_security_groups").list("SecurityGroups").first?.text("GroupId")
        )
        func create(_ block: String) async throws -> String {
            let created = try await deployment.aws(
                "create_subnet",
                [
                    "VpcId": .string(vpc), "CidrBlock": .string(block), "AvailabilityZone": "us-east-1b",
                    "TagSpecifications": [
                        ["ResourceType": "subnet", "Tags": [["Key": "Role", "Value": "worker"]]]
                    ],
                ])
            return try #require(created["Subnet"]?.objectValue?.text("SubnetId"))
        }
        let small = try await create("172.31.128.0/28")
        let large = try await create("172.31.129.0/24")
        var definition = WorkerTypeDefinition.sample()
        definition.launchSpec = ["SecurityGroupIds": [.string(group)]]
        try await deployment.apply("alpha", definition)
        deployment.environment["AWS_PROVISIONER_SUBNETS"] = "al*=tag:Role=worker"
        try await deployment.setPending(["alpha": 1])
        #expect(try await deployment.iterate().list("bids").map { $0.text("outcome") } == ["launched"])
        let instance = try #require(try await deployment.instances(region: "us-east-1").first)
        #expect(instance.text("SubnetId") == large)

        let explained = try await deployment.run("explain", "alpha").output
        #expect(
            explained.contains("subnet of us-east-1b: \(large), 251 free addresses, used now"), "\(explained)"
        )
        #expect(explained.contains("subnet of us-east-1b: \(small), 11 free addresses\n"), "\(explained)")
        #expect(
            try await deployment.run("doctor", "--iam-policy").output.contains("\"ec2:DescribeSubnets\""))
    }
}
