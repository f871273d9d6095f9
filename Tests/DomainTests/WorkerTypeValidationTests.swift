import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("Validation of worker types")
struct WorkerTypeValidationTests {
    /// The sample's document with some of its members changed or removed.
    private func document(_ changes: JSONObject, without missing: [String] = []) -> JSONValue {
        let object = WorkerTypeDefinition.sample().json.objectValue ?? [:]
        return .object(
            object.merging(changes, uniquingKeysWith: { _, new in new }).filter { !missing.contains($0.key) })
    }

    private func problems(_ changes: JSONObject, without missing: [String] = []) -> [String] {
        do {
            _ = try WorkerTypeDefinition(validating: document(changes, without: missing))
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    private func type(_ changes: JSONObject) -> JSONValue {
        let object = document([:]).objectValue?["instanceTypes"]?.arrayValue?.first?.objectValue ?? [:]
        return .object(object.merging(changes, uniquingKeysWith: { _, new in new }))
    }

    @Test("A valid document is unchanged after reading and writing")
    func roundTrip() throws {
        let document = document([:])
        #expect(try WorkerTypeDefinition(validating: document).json == document)
    }

    @Test("Optional members have defaults")
    func defaults() throws {
        let definition = try WorkerTypeDefinition(
            validating: document(
                [:], without: ["minCapacity", "canUseOndemand", "canUseSpot", "availabilityZones"]))
        #expect(definition.minCapacity == 0)
        #expect(!definition.canUseOndemand)
        #expect(definition.canUseSpot)
        #expect(definition.availabilityZones.isEmpty)
    }

    @Test("All problems are reported at once, each with its path")
    func allAtOnce() {
        let found = problems(
            [
                "maxCapacity": "many", "scalingRatio": -1, "surprise": 1,
                "instanceTypes": [type(["utility": "big"]), type(["capacity": 0])],
            ], without: ["owner"])
        #expect(found.contains { $0.hasPrefix("maxCapacity: ") })
        #expect(found.contains { $0.hasPrefix("scalingRatio: ") })
        #expect(found.contains { $0.hasPrefix("owner") && $0.contains("required") })
        #expect(found.contains { $0.hasPrefix("surprise") })
        #expect(found.contains("instanceTypes[0].utility: must be a number"))
        #expect(found.contains { $0.hasPrefix("instanceTypes[1].capacity: ") })
    }

    @Test(
        "Rules between fields hold",
        arguments: [
            (["minCapacity": 5, "maxCapacity": 4], "minCapacity"),
            (["minPrice": 5, "maxPrice": 4], "minPrice"),
            (["canUseSpot": false, "canUseOndemand": false], "canUseSpot"),
        ] as [([String: JSONValue], String)])
    func rules(changes: [String: JSONValue], path: String) {
        let found = problems(changes)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(path + ": ") == true)
    }

    @Test("Names appear once each")
    func names() {
        let zone: JSONValue = [
            "region": "us-east-1", "availabilityZone": "us-east-1a", "launchSpec": [:],
        ]
        let found = problems(["instanceTypes": [type([:]), type([:])], "availabilityZones": [zone, zone]])
        #expect(found.contains { $0.hasPrefix("instanceTypes[1].instanceType: ") })
        #expect(found.contains { $0.hasPrefix("availabilityZones[1].availabilityZone: ") })
    }

    @Test("Launch specification keys are accepted only in their layers")
    func launchSpecificationKeys() {
        #expect(
            problems(["launchSpec": ["ImageId": "ami-1"]]).contains { $0.hasPrefix("launchSpec.ImageId") })
        #expect(problems(["launchSpec": ["UserData": "x"]]).contains { $0.hasPrefix("launchSpec.UserData") })
        #expect(problems(["launchSpec": ["Colour": "red"]]).contains { $0.hasPrefix("launchSpec.Colour") })
        #expect(
            problems(["launchSpec": ["SubnetId": "subnet-1", "SecurityGroups": ["default"]]]).contains {
                $0.contains("SecurityGroupIds")
            })
        let region: JSONValue = [
            "region": "us-east-1", "launchSpec": [:], "userData": [:], "secrets": [:], "scopes": [],
        ]
        #expect(problems(["regions": [region]]) == ["regions[0].launchSpec.ImageId: is required"])
    }

    @Test("Problems of launch specifications are reported together with the others, with the nearest name")
    func oneRound() {
        let found = problems(["maxCapacity": "many", "launchSpec": ["SecurityGroup": ["a"]], "maxprice": 1])
        #expect(
            found == [
                "maxprice: is not a known property. Did you mean maxPrice?",
                "maxCapacity: must be a whole number",
                "launchSpec.SecurityGroup: is not known. Did you mean SecurityGroups?",
            ])
    }

    @Test(
        "A launch specification is checked to its last member, with the place of what is wrong",
        arguments: [
            (
                ["BlockDeviceMappings": [["DeviceNam": "/dev/sda1", "DeviceName": "/dev/sda1"]]],
                "launchSpec.BlockDeviceMappings[0].DeviceNam: is not known. Did you mean DeviceName?"
            ),
            (
                ["BlockDeviceMappings": [["Ebs": ["VolumeSize": 8]]]],
                "launchSpec.BlockDeviceMappings[0].DeviceName: is required"
            ),
            (
                ["BlockDeviceMappings": [["DeviceName": "/dev/sda1", "Ebs": ["VolumeSize": "8"]]]],
                "launchSpec.BlockDeviceMappings[0].Ebs.VolumeSize: must be a whole number from 0 to 2147483647"
            ),
            (
                ["NetworkInterfaces": [["DeviceIndex": 0, "Groups": "sg-1"]]],
                "launchSpec.NetworkInterfaces[0].Groups: must be an array"
            ),
            (
                ["MetadataOptions": ["HttpTokens": "mandatory"]],
                "launchSpec.MetadataOptions.HttpTokens: must be optional or required"
            ),
            (["EbsOptimized": "true"], "launchSpec.EbsOptimized: must be true or false"),
            (["KernelId": ""], "launchSpec.KernelId: must be a string that is not empty"),
            (["IamInstanceProfile": "worker"], "launchSpec.IamInstanceProfile: must be an object"),
            (
                ["InstanceInitiatedShutdownBehavior": "stop"],
                "launchSpec.InstanceInitiatedShutdownBehavior: must be terminate: workers shut themselves down, and "
                    + "a stopped instance runs no tasks and costs money"
            ),
            (
                ["DisableApiTermination": true],
                "launchSpec.DisableApiTermination: would keep the provisioner from terminating the instance"
            ),
            (["Monitoring": ["Enabled": true]], "launchSpec.Monitoring: is written MonitoringEnabled"),
            (
                [
                    "TagSpecifications": [
                        ["ResourceType": "instance", "Tags": [["Key": "aws:x", "Value": ""]]]
                    ]
                ],
                "launchSpec.TagSpecifications[0].Tags[0].Key: must not begin with aws:"
            ),
            (
                [
                    "TagSpecifications": [
                        ["ResourceType": "volume", "Tags": [["Key": "a", "Value": "1"]]],
                        ["ResourceType": "instance", "Tags": [["Key": "a", "Value": "1"]]],
                        ["ResourceType": "volume", "Tags": [["Key": "A"], ["Key": "a", "Value": "2"]]],
                    ]
                ],
                "launchSpec.TagSpecifications[2].Tags[1].Key: a appears more than once"
            ),
            (
                ["TagSpecifications": [["ResourceType": "vpc"]]],
                "launchSpec.TagSpecifications[0].ResourceType: must be instance, volume, network-interface or "
                    + "spot-instances-request"
            ),
        ] as [(JSONObject, String)])
    func nestedLaunchSpecification(specification: JSONObject, problem: String) {
        #expect(problems(["launchSpec": .object(specification)]) == [problem])
    }

    @Test(
        "What EC2 refuses together is refused",
        arguments: [
            (
                ["NetworkInterfaces": [["DeviceIndex": 0]], "SecurityGroupIds": ["sg-1"]],
                "SecurityGroupIds belongs inside NetworkInterfaces (Groups) when those are given"
            ),
            (
                ["NetworkInterfaces": [["DeviceIndex": 0]], "AddressingType": "public"],
                "AddressingType belongs inside NetworkInterfaces (AssociatePublicIpAddress) when those are given"
            ),
            (
                ["AddressingType": "private", "SecurityGroups": ["default"]],
                "AddressingType private goes with SecurityGroupIds, not with SecurityGroups"
            ),
            (
                ["IamInstanceProfile": ["Arn": "arn:1", "Name": "a"]],
                "IamInstanceProfile needs either Arn or Name"
            ),
            (
                ["LaunchTemplate": ["Version": "3"]],
                "LaunchTemplate needs either LaunchTemplateId or LaunchTemplateName"
            ),
        ] as [(JSONObject, String)])
    func contradictions(specification: JSONObject, problem: String) {
        #expect(
            problems(["launchSpec": .object(specification)])
                == ["launchSpec of us-east-1 us-east-1a c5.xlarge: " + problem])
    }

    /// The problems of a specification with tags on instances.
    private func tagProblems(_ tags: [(key: String, value: String)]) -> [String] {
        let list = tags.map { JSONValue.object(["Key": .string($0.key), "Value": .string($0.value)]) }
        return problems([
            "launchSpec": ["TagSpecifications": [["ResourceType": "instance", "Tags": .array(list)]]]
        ])
    }

    @Test("Tags above EC2's limits are refused")
    func tagLimits() {
        func text(_ character: Character, _ count: Int) -> String {
            String(repeating: character, count: count)
        }
        #expect(tagProblems([(text("k", 128), text("é", 256))]).isEmpty)
        #expect(tagProblems([(text("😀", 64), "")]).isEmpty)
        let place = "launchSpec.TagSpecifications[0].Tags[0]"
        #expect(
            tagProblems([(text("k", 129), text("v", 257))]) == [
                "\(place).Key: has 129 UTF-16 code units; EC2 allows 128",
                "\(place).Value: has 257 UTF-16 code units; EC2 allows 256",
            ])
        #expect(
            tagProblems([(text("😀", 65), "")]) == ["\(place).Key: has 130 UTF-16 code units; EC2 allows 128"])
        let many = (1...46).map { (key: "key\($0)", value: "") }
        #expect(tagProblems(many).isEmpty)
        // The provisioner replaces the value of this key.
        #expect(tagProblems(many + [("Owner", "")]).isEmpty)
        #expect(
            tagProblems(many + [("more", "")]) == [
                "launchSpec.TagSpecifications: has 51 tags for instance, with those of the provisioner; EC2 allows 50"
            ])
    }

    @Test("User data above EC2's limit, with what the provisioner adds, is refused")
    func completeUserData() throws {
        func problems(_ count: Int, baseUrl: String) throws -> [String] {
            var definition = WorkerTypeDefinition.sample()
            definition.userData = ["script": .string(String(repeating: "x", count: count))]
            let settings = LaunchSettings(
                requestMode: .runInstances, ownership: Ownership(provisionerId: "p", keyPrefix: "p:"),
                baseUrl: baseUrl, rootUrl: "https://tc")
            return definition.launchProblems(named: "alpha", with: settings)
        }
        #expect(try problems(15_000, baseUrl: "https://p/v1").isEmpty)
        let long = "https://p/" + String(repeating: "v", count: 1_500)
        let found = try problems(15_000, baseUrl: long)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("userData of us-east-1 us-east-1a c5.xlarge: is 16") == true)
        #expect(found.first?.hasSuffix("EC2 allows 16384") == true)
    }

    @Test("User data above EC2's limit is refused")
    func userDataSize() {
        let found = problems(["userData": ["script": .string(String(repeating: "x", count: 16_000))]])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("userData of us-east-1 us-east-1a c5.xlarge: is 16013 bytes") == true)
    }

    @Test("A document that is not an object is refused", arguments: [.null, 3, "text", []] as [JSONValue])
    func noObject(document: JSONValue) {
        #expect(throws: WorkerTypeProblems.self) { try WorkerTypeDefinition(validating: document) }
    }

    @Test("Huge numbers are refused and do not trap")
    func hugeNumbers() {
        #expect(!problems(["maxCapacity": .number(1e300)]).isEmpty)
        #expect(!problems(["maxCapacity": .number(1.5)]).isEmpty)
        #expect(!problems(["instanceTypes": [type(["capacity": .number(1e19)])]]).isEmpty)
    }

    @Test("Definitions differ by all members except owner and description")
    func sameness() {
        var other = WorkerTypeDefinition.sample()
        other.owner = "someone.else@example.com"
        other.description = "another text"
        #expect(WorkerTypeDefinition.sample().isSame(as: other))
        other.maxCapacity += 1
        #expect(!WorkerTypeDefinition.sample().isSame(as: other))
    }

    @Test("Names of worker types: 1 to 38 letters, digits, dashes and underscores")
    func workerTypeNames() {
        #expect(WorkerType.isValidName("gecko-t_linux-1"))
        #expect(WorkerType.isValidName(String(repeating: "a", count: 38)))
        #expect(!WorkerType.isValidName(String(repeating: "a", count: 39)))
        #expect(!WorkerType.isValidName(""))
        #expect(!WorkerType.isValidName("a/b"))
        #expect(!WorkerType.isValidName("é"))
    }
}
