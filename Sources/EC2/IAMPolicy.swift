public import Domain

/// The least that AWS has to allow, made from the actions that are called.
public struct IAMPolicy: Sendable {
    private let ownership: Ownership
    private let regions: [String]
    private let requestMode: RequestMode
    private let importsKeyPair: Bool
    private let passedRoles: [String]

    /// - Parameters:
    ///   - regions: the managed ones; with none every region is allowed.
    ///   - importsKeyPair: whether instances get a key pair of ours.
    ///   - passedRoles: ARNs of the roles in the instance profiles of worker types.
    public init(
        ownership: Ownership, regions: [String], requestMode: RequestMode, importsKeyPair: Bool,
        passedRoles: [String] = []
    ) {
        self.ownership = ownership
        self.regions = regions
        self.requestMode = requestMode
        self.importsKeyPair = importsKeyPair
        self.passedRoles = passedRoles
    }

    /// The policy document.
    public var json: JSONValue {
        ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    private var statements: [JSONValue] {
        let launching = actions { $0.permission == .launch }
        let tagging = actions { $0.permission == .tag }
        let claiming = requestMode == .requestSpotInstances
        var all = [
            // Describing knows no resources.
            statement("Read", actions { $0.permission == .read }, on: ["*"]),
            // What is launched has to bear our tag; what it is launched from belongs to the account.
            statement(
                "LaunchOurs", launching, on: arns(["instance", "volume", "spot-instances-request"]),
                ["StringEquals": ["aws:RequestTag/\(Ownership.Tag.owner)": owner]]),
            statement(
                "LaunchFrom", launching,
                on: arns(["key-pair", "network-interface", "placement-group", "security-group", "subnet"])
                    + arns(["image", "snapshot"], account: "")),
            statement(
                "TagAtLaunch", tagging, on: arns(["instance", "volume", "spot-instances-request"]),
                ["StringEquals": ["ec2:CreateAction": .array(launching.map { .string($0.rawValue) })]]),
        ]
        if claiming {
            // An instance that a spot request started bears no tag until it gets ours; another owner's stays.
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
                "EndOurs", actions { $0.permission == .end },
                on: arns(["instance", "spot-instances-request"]),
                ["StringEquals": ["ec2:ResourceTag/\(Ownership.Tag.owner)": owner]]))
        if importsKeyPair {
            all.append(
                statement(
                    "ImportKeyPair", actions { $0.permission == .importKeyPair },
                    on: arns(["key-pair"], name: ownership.keyPrefix + "*")))
        }
        all.append([
            "Sid": "SpotServiceRole", "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole",
            "Resource": "*", "Condition": ["StringEquals": ["iam:AWSServiceName": "spot.amazonaws.com"]],
        ])
        if !passedRoles.isEmpty {
            all.append([
                "Sid": "PassInstanceProfiles", "Effect": "Allow", "Action": "iam:PassRole",
                "Resource": .array(passedRoles.map(JSONValue.string)),
                "Condition": ["StringEquals": ["iam:PassedToService": "ec2.amazonaws.com"]],
            ])
        }
        return all
    }

    private var owner: JSONValue { .string(ownership.provisionerId) }

    private func actions(_ condition: (Action) -> Bool) -> [Action] {
        Action.allCases.filter { action in
            condition(action) && (action != .requestSpotInstances || requestMode == .requestSpotInstances)
                && (action != .describeKeyPairs || importsKeyPair)
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
        var object: JSONObject = [
            "Sid": .string(id), "Effect": "Allow",
            "Action": .array(actions.map { .string("ec2:\($0.rawValue)") }),
            "Resource": .array(resources.map(JSONValue.string)),
        ]
        if !conditions.isEmpty { object["Condition"] = .object(conditions) }
        return .object(object)
    }

    /// The names of all resources of some kinds in the managed regions' partition.
    private func arns(_ kinds: [String], account: String = "*", name: String = "*") -> [String] {
        kinds.map { "arn:\(partition):ec2:*:\(account):\($0)/\(name)" }
    }

    private var partition: String {
        if regions.contains(where: { $0.hasPrefix("cn-") }) { return "aws-cn" }
        return regions.contains { $0.hasPrefix("us-gov-") } ? "aws-us-gov" : "aws"
    }
}
