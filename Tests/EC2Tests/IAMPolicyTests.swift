import AWS
import Domain
import Formats
import Foundation
import TestSupport
import Testing

@testable import EC2

@Suite("The IAM policy")
struct IAMPolicyTests {
    private func policy(
        regions: [String] = ["us-east-1"], mode: RequestMode = .runInstances, keyPair: Bool = true,
        roles: [String] = []
    ) -> [JSONObject] {
        let document = IAMPolicy(
            ownership: Ownership(provisionerId: "mine", keyPrefix: "mine-managed:"), regions: regions,
            requestMode: mode, importsKeyPair: keyPair, passedRoles: roles
        ).json
        return document.objectValue?["Statement"]?.arrayValue?.compactMap(\.objectValue) ?? []
    }

    /// The needs of a definition with this launch specification.
    private func needs(_ specification: JSONObject) -> LaunchNeeds {
        var definition = WorkerTypeDefinition.sample()
        definition.instanceTypes[0].launchSpec = specification
        return LaunchNeeds([definition])
    }

    /// The resources of the statement with an id, for one launch specification.
    private func resources(_ id: String, for specification: JSONObject) -> [String] {
        let document = IAMPolicy(
            ownership: Ownership(provisionerId: "mine", keyPrefix: "k:"), regions: ["us-east-1"],
            requestMode: .runInstances, importsKeyPair: false, needs: needs(specification)
        ).json
        let statements = document.objectValue?["Statement"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let statement = statements.first { $0["Sid"]?.stringValue == id }
        return statement?["Resource"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    @Test(
        "covers what stored definitions use, and nothing of it otherwise",
        arguments: [
            (
                ["LaunchTemplate": ["LaunchTemplateName": "t"]], "LaunchFrom",
                "arn:aws:ec2:*:*:launch-template/*"
            ),
            (
                [
                    "CapacityReservationSpecification": [
                        "CapacityReservationTarget": ["CapacityReservationId": "cr-1"]
                    ]
                ],
                "LaunchFrom", "arn:aws:ec2:*:*:capacity-reservation/*"
            ),
            (
                [
                    "CapacityReservationSpecification": [
                        "CapacityReservationTarget": ["CapacityReservationResourceGroupArn": "arn:g"]
                    ]
                ], "LaunchFrom", "arn:aws:resource-groups:*:*:group/*"
            ),
            (
                ["Placement": ["HostResourceGroupArn": "arn:g"]], "LaunchFrom",
                "arn:aws:resource-groups:*:*:group/*"
            ),
            (["Placement": ["HostId": "h-1"]], "LaunchFrom", "arn:aws:ec2:*:*:dedicated-host/*"),
            (
                ["LicenseSpecifications": [["LicenseConfigurationArn": "arn:l"]]], "LaunchFrom",
                "arn:aws:license-manager:*:*:license-configuration:*"
            ),
            (
                ["TagSpecifications": [["ResourceType": "network-interface", "Tags": []]]], "TagAtLaunch",
                "arn:aws:ec2:*:*:network-interface/*"
            ),
            (
                ["BlockDeviceMappings": [["DeviceName": "/dev/sda1", "Ebs": ["Encrypted": true]]]],
                "GrantVolumeKeys", "arn:aws:kms:*:*:key/*"
            ),
            (
                ["ImageId": "resolve:ssm:/images/worker:3"], "ReadImageParameters",
                "arn:aws:ssm:*:*:parameter/images/worker"
            ),
            (
                ["ImageId": "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023"], "ReadImageParameters",
                "arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/al2023"
            ),
        ] as [(JSONObject, String, String)])
    func definitions(specification: JSONObject, statement: String, resource: String) {
        #expect(resources(statement, for: specification).contains(resource))
        #expect(!resources(statement, for: [:]).contains(resource))
    }

    @Test("names the roles and the grants that it cannot contain")
    func notes() {
        func notes(_ specification: JSONObject, roles: [String] = []) -> [String] {
            IAMPolicy(
                ownership: Ownership(provisionerId: "mine", keyPrefix: "k:"), regions: [],
                requestMode: .runInstances,
                importsKeyPair: false, passedRoles: roles, needs: needs(specification)
            ).notes
        }
        #expect(notes([:]).count == 1)
        #expect(notes([:])[0].contains("AWSServiceRoleForEC2Spot"))
        let profile: JSONObject = ["IamInstanceProfile": ["Name": "worker"]]
        #expect(notes(profile)[0].contains("the instance profiles worker: name the roles"))
        #expect(notes(profile, roles: ["arn:aws:iam::1:role/worker"]).count == 1)
    }

    private func actions(_ statement: JSONObject) -> [String] {
        statement["Action"]?.arrayValue?.compactMap(\.stringValue) ?? [statement["Action"]?.stringValue ?? ""]
    }

    private func statements(with action: Action, in policy: [JSONObject]) -> [JSONObject] {
        policy.filter { actions($0).contains("ec2:" + action.rawValue) }
    }

    @Test("allows exactly the actions that are called, and those of IAM")
    func complete() {
        let document = IAMPolicy(
            ownership: Ownership(provisionerId: "mine", keyPrefix: "mine-managed:"), regions: [],
            requestMode: .requestSpotInstances, importsKeyPair: true, assumedRoles: ["arn:aws:iam::1:role/p"],
            queueURL: "https://sqs.us-east-1.amazonaws.com/123456789012/notices",
            readsSubnets: true, readsQuotas: true, needs: needs(["ImageId": "resolve:ssm:/images/worker"])
        ).json
        let all = document.objectValue?["Statement"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let allowed = Set(all.flatMap(actions).filter { !$0.hasPrefix("iam:") })
        #expect(allowed == Set(Action.allCases.compactMap(\.permission)))
        let draining = all.first { actions($0).contains("sqs:ReceiveMessage") }
        #expect(draining?["Resource"] == ["arn:aws:sqs:us-east-1:123456789012:notices"])
    }

    @Test("allows no region, key pair or spot request that the settings do not need")
    func least() {
        let small = policy(keyPair: false)
        for action in [Action.requestSpotInstances, .importKeyPair, .describeKeyPairs] {
            #expect(statements(with: action, in: small).isEmpty)
        }
        for statement in small where actions(statement).contains(where: { $0.hasPrefix("ec2:") }) {
            let equal = statement["Condition"]?.objectValue?["StringEquals"]?.objectValue
            #expect(equal?["aws:RequestedRegion"] == ["us-east-1"])
        }
        #expect(!small.contains { actions($0).contains("iam:PassRole") })
        let passing = policy(roles: ["arn:aws:iam::1:role/worker"]).first {
            actions($0).contains("iam:PassRole")
        }
        #expect(passing?["Resource"] == ["arn:aws:iam::1:role/worker"])
    }

    @Test("allows terminations and launches only with the deployment's tag")
    func owned() {
        let all = policy(mode: .requestSpotInstances)
        for action in [Action.terminateInstances, .cancelSpotInstanceRequests] {
            for statement in statements(with: action, in: all) {
                let equal = statement["Condition"]?.objectValue?["StringEquals"]?.objectValue
                #expect(equal?["ec2:ResourceTag/Owner"] == "mine")
            }
        }
        for statement in statements(with: .runInstances, in: all) {
            let resources = statement["Resource"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let equal = statement["Condition"]?.objectValue?["StringEquals"]?.objectValue
            if resources.contains(where: { $0.contains(":instance/") }) {
                #expect(equal?["aws:RequestTag/Owner"] == "mine")
            } else {
                #expect(!resources.contains { $0 == "*" || $0.contains("volume/") })
            }
        }
        for statement in statements(with: .createTags, in: all) {
            let condition = statement["Condition"]?.objectValue ?? [:]
            let equal = condition["StringEquals"]?.objectValue ?? [:]
            let atLaunch = equal["ec2:CreateAction"] != nil
            let claims = condition["StringEqualsIfExists"]?.objectValue?["ec2:ResourceTag/Owner"] == "mine"
            #expect(atLaunch || claims, "no foreign instance can be tagged as ours")
        }
    }

    @Test("uses the partition of the regions")
    func partitions() {
        func arns(_ region: String) -> [String] {
            policy(regions: [region]).flatMap { $0["Resource"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
                .filter { $0.hasPrefix("arn:") }
        }
        #expect(arns("cn-north-1").allSatisfy { $0.hasPrefix("arn:aws-cn:") })
        #expect(arns("us-gov-west-1").allSatisfy { $0.hasPrefix("arn:aws-us-gov:") })
        #expect(arns("us-iso-east-1").allSatisfy { $0.hasPrefix("arn:aws-iso:") })
        #expect(arns("us-isob-east-1").allSatisfy { $0.hasPrefix("arn:aws-iso-b:") })
        #expect(arns("eusc-de-east-1").allSatisfy { $0.hasPrefix("arn:aws-eusc:") })
        #expect(arns("eu-west-1").allSatisfy { $0.hasPrefix("arn:aws:") })
    }
}
