import AWS
package import Domain
package import Formats

/// The IAM policy with the permissions of a deployment, derived from the actions that it calls.
package struct IAMPolicy: Sendable {
    private let ownership: Ownership
    private let regions: [String]
    private let requestMode: RequestMode
    private let importsKeyPair: Bool
    private let passedRoles: [String]
    private let assumedRoles: [String]
    private let queueURL: String?
    private let readsSubnets: Bool
    private let readsQuotas: Bool
    private let needs: LaunchNeeds

    /// - Parameters:
    ///   - regions: the managed regions; an empty list allows all regions.
    ///   - importsKeyPair: whether the deployment imports a key pair for its instances.
    ///   - passedRoles: ARNs of the roles in the instance profiles of worker types.
    ///   - assumedRoles: ARNs of the roles that the credentials assume.
    ///   - readsSubnets: whether the deployment chooses subnets.
    ///   - readsQuotas: whether the deployment reads the quotas of the account.
    ///   - queueURL: URL of the queue of interruption notices.
    ///   - needs: the needs of the stored definitions.
    package init(
        ownership: Ownership, regions: [String], requestMode: RequestMode, importsKeyPair: Bool,
        passedRoles: [String] = [], assumedRoles: [String] = [], queueURL: String? = nil,
        readsSubnets: Bool = false, readsQuotas: Bool = false,
        needs: LaunchNeeds = LaunchNeeds()
    ) {
        self.ownership = ownership
        self.regions = regions
        self.requestMode = requestMode
        self.importsKeyPair = importsKeyPair
        self.passedRoles = passedRoles
        self.assumedRoles = assumedRoles
        self.queueURL = queueURL
        self.readsSubnets = readsSubnets
        self.readsQuotas = readsQuotas
        self.needs = needs
    }

    /// The policy document.
    package var json: JSONValue {
        ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    private var statements: [JSONValue] {
        let launching = actions { $0.right == .launch }
        let tagging = actions { $0.right == .tag }
        let tagged =
            ["instance", "volume", "spot-instances-request"]
            + (needs.tagsNetworkInterfaces ? ["network-interface"] : [])
        let claiming = requestMode == .requestSpotInstances
        var all = [
            // Describe actions do not support resource-level permissions.
            statement("Read", actions { $0.right == .read }, on: ["*"]),
            // Launched resources must have the deployment's tag. The resources that a launch uses belong to the account.
            statement(
                "LaunchOurs", launching, on: arns(["instance", "volume", "spot-instances-request"]),
                ["StringEquals": ["aws:RequestTag/\(Ownership.Tag.owner)": owner]]),
            statement(
                "LaunchFrom", launching,
                on: arns(["key-pair", "network-interface", "placement-group", "security-group", "subnet"])
                    + arns(["image", "snapshot"], account: "") + resourcesOfDefinitions),
            statement(
                "TagAtLaunch", tagging, on: arns(tagged),
                ["StringEquals": ["ec2:CreateAction": .array(launching.map { .string($0.rawValue) })]]),
        ]
        if claiming {
            // An instance of a spot request has no tags at first. The tag of another owner must not be replaced.
            all.append(
                statement(
                    "TagFulfilled", tagging, on: arns(["instance"]),
                    [
                        "StringEquals": ["aws:RequestTag/\(Ownership.Tag.owner)": owner],
                        "StringEqualsIfExists": ["ec2:ResourceTag/\(Ownership.Tag.owner)": owner],
                    ]))
        }
        all.append(
            statement(
                "EndOurs", actions { $0.right == .end },
                on: arns(["instance", "spot-instances-request"]),
                ["StringEquals": ["ec2:ResourceTag/\(Ownership.Tag.owner)": owner]]))
        if importsKeyPair {
            all.append(
                statement(
                    "ImportKeyPair", actions { $0.right == .importKeyPair },
                    on: arns(["key-pair"], name: ownership.keyPrefix + "*")))
        }
        all.append([
            "Sid": "SpotServiceRole", "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole",
            "Resource": "*", "Condition": ["StringEquals": ["iam:AWSServiceName": "spot.amazonaws.com"]],
        ])
        if readsQuotas {
            // Service Quotas does not support resource-level permissions for it.
            all.append(statement("ReadQuotas", actions { $0.right == .readQuotas }, on: ["*"]))
        }
        if let queueURL {
            all.append(
                allowing("DrainNotices", actions { $0.right == .drainQueue }, on: [queueARN(queueURL)]))
        }
        if !assumedRoles.isEmpty {
            all.append(allowing("TakeRole", actions { $0.right == .assumeRole }, on: assumedRoles))
        }
        if !passedRoles.isEmpty {
            all.append([
                "Sid": "PassInstanceProfiles", "Effect": "Allow", "Action": "iam:PassRole",
                "Resource": .array(passedRoles.map(JSONValue.string)),
                "Condition": ["StringEquals": ["iam:PassedToService": .array(principals)]],
            ])
        }
        if !needs.imageParameters.isEmpty {
            all.append(
                statement(
                    "ReadImageParameters", actions { $0.right == .readParameters },
                    on: needs.imageParameters.sorted().map(parameterARN)))
        }
        if needs.encryptsVolumes {
            let keys = ["arn:\(partition.id):kms:*:*:key/*"]
            let service: JSONValue = .string("ec2.*.\(partition.dnsSuffix)")
            all.append([
                "Sid": "UseVolumeKeys", "Effect": "Allow",
                "Action": [
                    "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*",
                ],
                "Resource": .array(keys.map(JSONValue.string)),
                "Condition": ["StringLike": ["kms:ViaService": service]],
            ])
            all.append([
                "Sid": "GrantVolumeKeys", "Effect": "Allow", "Action": "kms:CreateGrant",
                "Resource": .array(keys.map(JSONValue.string)),
                "Condition": [
                    "Bool": ["kms:GrantIsForAWSResource": "true"],
                    "StringLike": ["kms:ViaService": service],
                ],
            ])
        }
        return all
    }

    /// The steps that the policy does not contain.
    package var notes: [String] {
        var notes: [String] = []
        if !needs.instanceProfiles.isEmpty, passedRoles.isEmpty {
            notes.append(
                "worker types use the instance profiles \(needs.instanceProfiles.sorted().joined(separator: ", ")): name "
                    + "the roles of these profiles with --pass-role")
        }
        if needs.usesLaunchTemplates {
            notes.append(
                "worker types use launch templates: rights that the content of a template needs are not in the policy"
            )
        }
        notes.append(
            "if a customer managed KMS key encrypts an image, a snapshot or a volume, a grant must allow its use to the "
                + "role AWSServiceRoleForEC2Spot: see the section Encrypted images of AWSRights.md")
        return notes
    }

    /// The ARN patterns of resources that definitions use and most launches do not.
    private var resourcesOfDefinitions: [String] {
        var kinds: [String] = []
        if needs.usesLaunchTemplates { kinds.append("launch-template") }
        if needs.usesCapacityReservations { kinds.append("capacity-reservation") }
        if needs.usesDedicatedHosts { kinds.append("dedicated-host") }
        var found = arns(kinds)
        if needs.usesResourceGroups { found.append("arn:\(partition.id):resource-groups:*:*:group/*") }
        if needs.usesLicenses {
            found.append("arn:\(partition.id):license-manager:*:*:license-configuration:*")
        }
        return found
    }

    /// The names of EC2 as the service to which a role is passed. Some partitions use their own DNS suffix.
    private var principals: [JSONValue] {
        Set(["ec2.amazonaws.com", "ec2.\(partition.dnsSuffix)"]).sorted().map(JSONValue.string)
    }

    private var owner: JSONValue { .string(ownership.provisionerId) }

    private func actions(_ condition: (Action) -> Bool) -> [Action] {
        Action.allCases.filter { action in
            condition(action) && (action != .requestSpotInstances || requestMode == .requestSpotInstances)
                && (action != .describeKeyPairs || importsKeyPair)
                && (action != .describeSubnets || readsSubnets)
        }.sorted { $0.rawValue < $1.rawValue }
    }

    private func statement(
        _ id: String, _ actions: [Action], on resources: [String], _ conditions: JSONObject = [:]
    ) -> JSONValue {
        var conditions = conditions
        if !regions.isEmpty {
            var equal = conditions["StringEquals"]?.objectValue ?? [:]
            equal["aws:RequestedRegion"] = .array(regions.map(JSONValue.string))
            conditions["StringEquals"] = .object(equal)
        }
        var object = allowing(id, actions, on: resources).objectValue ?? [:]
        if !conditions.isEmpty { object["Condition"] = .object(conditions) }
        return .object(object)
    }

    private func allowing(_ id: String, _ actions: [Action], on resources: [String]) -> JSONValue {
        [
            "Sid": .string(id), "Effect": "Allow",
            "Action": .array(actions.compactMap(\.permission).map(JSONValue.string)),
            "Resource": .array(resources.map(JSONValue.string)),
        ]
    }

    /// `https://sqs.us-east-1.amazonaws.com/123456789012/notices` as an ARN; any queue for a URL of another form.
    private func queueARN(_ url: String) -> String {
        let parts = url.split(separator: "/").map(String.init)
        guard parts.count == 4, let region = InterruptionQueue.region(of: url) else {
            return "arn:\(partition.id):sqs:*:*:*"
        }
        return "arn:\(Partition(ofRegion: region).id):sqs:\(region):\(parts[2]):\(parts[3])"
    }

    /// The ARN of an SSM parameter in all regions. Parameters of AWS belong to no account.
    private func parameterARN(_ name: String) -> String {
        if name.hasPrefix("arn:") { return name }
        let account = name.hasPrefix("/aws/") ? "" : "*"
        return "arn:\(partition.id):ssm:*:\(account):parameter/\(name.drop { $0 == "/" })"
    }

    /// The ARN patterns of all resources of these kinds in the partition of the managed regions.
    private func arns(_ kinds: [String], account: String = "*", name: String = "*") -> [String] {
        kinds.map { "arn:\(partition.id):ec2:*:\(account):\($0)/\(name)" }
    }

    /// The partition of the managed regions. Credentials belong to one partition.
    private var partition: Partition { Partition(ofRegion: regions.first ?? "") }
}
