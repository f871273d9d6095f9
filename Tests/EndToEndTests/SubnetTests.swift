import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The setting subnets")
struct SubnetTests {
    /// A deployment with the setting, and with a worker type.
    private func deployment() async throws -> Deployment {
        var deployment = try await Deployment(regions: ["us-east-1"])
        let group = try #require(
            try await deployment.aws("describe_security_groups").list("SecurityGroups").first?.text("GroupId")
        )
        var definition = WorkerTypeDefinition.sample()
        definition.launchSpec = ["SecurityGroupIds": [.string(group)]]
        try await deployment.apply("alpha", definition)
        deployment.environment["AWS_PROVISIONER_SUBNETS"] = "al*=tag:Role=worker"
        return deployment
    }

    private func createSubnet(_ block: String, in deployment: Deployment) async throws -> String {
        let vpc = try #require(try await deployment.aws("describe_vpcs").list("Vpcs").first?.text("VpcId"))
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

    @Test("divides the launches of an iteration between the subnets of a zone by their free addresses")
    func divided() async throws {
        let deployment = try await deployment()
        let subnets = [
            try await createSubnet("172.31.128.0/28", in: deployment),
            try await createSubnet("172.31.129.0/28", in: deployment),
        ]
        try await deployment.setPending(["alpha": 13])
        #expect(
            try await deployment.iterate().list("bids").allSatisfy { $0.text("outcome") == "launched" })
        let used = try await deployment.instances(region: "us-east-1").compactMap { $0.text("SubnetId") }
        #expect(used.count == 13)
        #expect(subnets.map { subnet in used.count { $0 == subnet } }.sorted() == [2, 11])
    }

    @Test("chooses a subnet of the zone by its tag, and explain shows its free addresses")
    func chosen() async throws {
        let deployment = try await deployment()
        let small = try await createSubnet("172.31.128.0/28", in: deployment)
        let large = try await createSubnet("172.31.129.0/24", in: deployment)
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
