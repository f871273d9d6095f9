import Domain
import Foundation
import TestSupport
import Testing

@testable import EC2

@Suite("A launch in EC2's query protocol")
struct LaunchParametersTests {
    /// A launch specification with every key that one may have.
    private let specification: JSONObject = [
        "ImageId": "ami-1", "InstanceType": "c5.large", "KeyName": "key", "SecurityGroups": ["a", "b"],
        "SecurityGroupIds": ["sg-1", "sg-2"], "SubnetId": "subnet-1", "EbsOptimized": true,
        "KernelId": "aki-1", "RamdiskId": "ari-1", "MonitoringEnabled": true,
        "BlockDeviceMappings": [
            [
                "DeviceName": "/dev/sda1",
                "Ebs": [
                    "VolumeSize": 10, "VolumeType": "gp3", "DeleteOnTermination": true, "Encrypted": true,
                    "Iops": 3000, "Throughput": 125, "SnapshotId": "snap-1",
                ],
            ], ["DeviceName": "/dev/sdb", "VirtualName": "ephemeral0", "NoDevice": ""],
        ],
        "NetworkInterfaces": [
            [
                "DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1", "sg-2"],
                "AssociatePublicIpAddress": true, "DeleteOnTermination": true, "Ipv6AddressCount": 1,
                "PrivateIpAddresses": [["Primary": true, "PrivateIpAddress": "10.0.0.1"]],
                "Ipv6Addresses": [["Ipv6Address": "::1"]],
            ]
        ],
        "IamInstanceProfile": ["Arn": "arn:aws:iam::1:instance-profile/x"],
        "Placement": ["AvailabilityZone": "us-east-1a", "Tenancy": "default", "GroupName": "g"],
        "AddressingType": "public",
        "MetadataOptions": ["HttpTokens": "required", "HttpPutResponseHopLimit": 2],
        "CpuOptions": ["CoreCount": 2, "ThreadsPerCore": 1],
        "CreditSpecification": ["CpuCredits": "standard"],
        "LaunchTemplate": ["LaunchTemplateId": "lt-1", "Version": "3"],
        "TagSpecifications": [
            [
                "ResourceType": "instance",
                "Tags": [["Key": "Team", "Value": "build"], ["Key": "Name", "Value": "x"]],
            ]
        ],
    ]

    private func request(_ mode: RequestMode, market: Market = .spot) -> LaunchRequest {
        LaunchRequest(
            clientToken: "token",
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.large"),
            market: market, mode: mode, bidPrice: Price(usd: 0.25), launchSpecification: specification,
            userData: "{}", tags: ["Owner": "p", "Name": "alpha"], validUntil: .start)
    }

    /// What botocore's service model makes of an operation's parameters.
    private func botocore(_ operation: String, _ parameters: JSONObject) async throws -> [String: String] {
        let wish: JSONValue = ["operation": .string(operation), "parameters": .object(parameters)]
        let answer = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/ec2_parameters.py"],
            input: String(decoding: try wish.serialized(), as: UTF8.self))
        try #require(answer.status == 0, "\(answer.errors)")
        let pairs = try JSONValue(parsing: Data(answer.output.utf8)).objectValue ?? [:]
        return pairs.filter { $0.key != "Action" && !($0.key == "Version") }.mapValues { value in
            value.stringValue ?? value.integerValue.map(String.init) ?? "\(value)"
        }
    }

    private func tags(_ types: [String], own: Bool) -> JSONValue {
        .array(
            types.map { type in
                var tags: [JSONValue] = [
                    ["Key": "Name", "Value": "alpha"], ["Key": "Owner", "Value": "p"],
                ]
                if own, type == "instance" { tags.append(["Key": "Team", "Value": "build"]) }
                return ["ResourceType": .string(type), "Tags": .array(tags)]
            })
    }

    private func compare(_ ours: QueryParameters, _ theirs: [String: String]) {
        let ours = Dictionary(ours.pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        #expect(ours == theirs)
    }

    @Test("RunInstances for spot is what the service model makes of it")
    func runInstances() async throws {
        var parameters = specification
        parameters["AddressingType"] = nil
        parameters["MonitoringEnabled"] = nil
        parameters["Monitoring"] = ["Enabled": true]
        parameters["TagSpecifications"] = tags(["instance", "volume", "spot-instances-request"], own: true)
        parameters["MinCount"] = 1
        parameters["MaxCount"] = 1
        parameters["ClientToken"] = "token"
        parameters["UserData"] = "{}"
        parameters["InstanceMarketOptions"] = [
            "MarketType": "spot",
            "SpotOptions": [
                "MaxPrice": "0.2500", "SpotInstanceType": "one-time",
                "InstanceInterruptionBehavior": "terminate",
            ],
        ]
        var theirs = try await botocore("RunInstances", parameters)
        // The client encodes user data before it serializes; the serializer alone does not.
        theirs["UserData"] = "e30="
        compare(LaunchParameters.runInstances(request(.runInstances)), theirs)
    }

    @Test("RunInstances on demand has no market options")
    func onDemand() {
        let pairs = LaunchParameters.runInstances(request(.runInstances, market: .onDemand)).pairs
        #expect(!pairs.contains { $0.name.hasPrefix("InstanceMarketOptions") })
        #expect(!pairs.contains { $0.value == "spot-instances-request" })
    }

    @Test("Credentials are guarded by IMDSv2 unless the definition says otherwise")
    func metadata() {
        let plain = LaunchRequest(
            clientToken: "t", pool: request(.runInstances).pool, market: .spot, mode: .runInstances,
            bidPrice: .zero, launchSpecification: ["ImageId": "ami-1"], userData: "", tags: [:],
            validUntil: .start)
        let pairs = LaunchParameters.runInstances(plain).pairs
        #expect(pairs.contains { $0.name == "MetadataOptions.HttpTokens" && $0.value == "required" })
    }

    @Test("RequestSpotInstances is what the service model makes of it")
    func requestSpotInstances() async throws {
        var launch = specification
        for key in [
            "MonitoringEnabled", "MetadataOptions", "CpuOptions", "CreditSpecification", "LaunchTemplate",
            "TagSpecifications",
        ] { launch[key] = nil }
        launch["Monitoring"] = ["Enabled": true]
        launch["UserData"] = "e30="
        let theirs = try await botocore(
            "RequestSpotInstances",
            [
                "InstanceCount": 1, "ClientToken": "token", "SpotPrice": "0.2500", "Type": "one-time",
                "ValidUntil": .string("2023-11-14T22:13:20.000Z"), "LaunchSpecification": .object(launch),
                "TagSpecifications": tags(["spot-instances-request"], own: false),
            ])
        var ours = LaunchParameters.requestSpotInstances(request(.requestSpotInstances)).pairs
        ours = ours.map { $0.name == "ValidUntil" ? ($0.name, theirs["ValidUntil"] ?? "") : $0 }
        #expect(
            Dictionary(ours.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }) == theirs)
    }

    @Test("Names and values are percent-encoded")
    func encoding() {
        var parameters = QueryParameters()
        parameters.add("Name", "a b&c=d/é~")
        #expect(String(decoding: parameters.body, as: UTF8.self) == "Name=a%20b%26c%3Dd%2F%C3%A9~")
    }
}

@Suite("The README's policy")
struct PolicyTests {
    @Test("allows every action that is called, and no other")
    func actions() throws {
        let readme = try String(contentsOfFile: Paths.root + "/README.md", encoding: .utf8)
        let section = try #require(
            readme.components(separatedBy: "### ").first { $0.hasPrefix("AWS: rights") })
        let allowed = section.split(separator: "\"").filter { text in
            ["ec2:", "sqs:", "sts:"].contains(where: text.hasPrefix) && !text.contains("/")
        }
        #expect(Set(allowed.map(String.init)) == Set(Action.allCases.compactMap(\.permission)))
    }
}
