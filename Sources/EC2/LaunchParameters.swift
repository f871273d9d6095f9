import AWS
import Domain
import Formats
import FoundationEssentials

/// A launch in the parameters of RunInstances or RequestSpotInstances.
///
/// Both take the keys of a launch specification under names of their own; the names are those of EC2's service
/// model (API version 2016-11-15).
enum LaunchParameters {
    static func runInstances(_ request: LaunchRequest) -> QueryParameters {
        var parameters = QueryParameters()
        parameters.add("MinCount", 1)
        parameters.add("MaxCount", 1)
        parameters.add("ClientToken", request.clientToken)
        parameters.add("UserData", request.encodedUserData)
        var types = ["instance", "volume"]
        if request.market == .spot {
            parameters.add("InstanceMarketOptions.MarketType", "spot")
            parameters.add("InstanceMarketOptions.SpotOptions.MaxPrice", request.bidPrice.description)
            parameters.add("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time")
            parameters.add("InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "terminate")
            types.append("spot-instances-request")
        }
        if !request.definedTags(on: "network-interface").isEmpty { types.append("network-interface") }
        add(tags: request, on: types, &parameters)
        // A worker ends by shutting its machine down. One that EC2 would only stop then would be paid for, for ever.
        parameters.add("InstanceInitiatedShutdownBehavior", "terminate")
        let specification = withGuardedMetadata(withAddressing(request.launchSpecification))
        for (key, value) in specification.sorted(by: { $0.key < $1.key }) where !setElsewhere.contains(key) {
            flatten(names[key] ?? key, value, &parameters)
        }
        return parameters
    }

    static func requestSpotInstances(_ request: LaunchRequest) -> QueryParameters {
        var parameters = QueryParameters()
        parameters.add("InstanceCount", 1)
        parameters.add("ClientToken", request.clientToken)
        parameters.add("SpotPrice", request.bidPrice.description)
        parameters.add("Type", "one-time")
        parameters.add("ValidUntil", request.validUntil.timestamp)
        parameters.add("LaunchSpecification.UserData", request.encodedUserData)
        add(tags: request, on: ["spot-instances-request"], &parameters)
        for (key, value) in request.launchSpecification.sorted(by: { $0.key < $1.key })
        where !setElsewhere.contains(key) {
            flatten("LaunchSpecification." + (names[key] ?? key), value, &parameters)
        }
        return parameters
    }

    /// Keys whose values are merged with ours. A spot request that is made once ends with its instance's shutdown
    /// without being told.
    private static let setElsewhere: Set = ["TagSpecifications", "InstanceInitiatedShutdownBehavior"]

    /// Keys of a launch specification whose name in the query protocol is another one.
    private static let names = [
        "SecurityGroups": "SecurityGroup", "SecurityGroupIds": "SecurityGroupId",
        "BlockDeviceMappings": "BlockDeviceMapping", "NetworkInterfaces": "NetworkInterface",
        "LicenseSpecifications": "LicenseSpecification", "MonitoringEnabled": "Monitoring.Enabled",
    ]

    /// The same for members of their values.
    private static let memberNames = [
        "Groups": "SecurityGroupId", "Ipv4Prefixes": "Ipv4Prefix", "Ipv6Prefixes": "Ipv6Prefix",
    ]

    /// RunInstances knows no addressing type: it asks each network interface whether it has a public address.
    private static func withAddressing(_ specification: JSONObject) -> JSONObject {
        var specification = specification
        guard let addressing = specification.removeValue(forKey: "AddressingType")?.stringValue,
            // Groups that are named are those of the default VPC, whose instances have public addresses; a private
            // one among them is refused where definitions are checked.
            specification["SecurityGroups"] == nil, specification["NetworkInterfaces"] == nil
        else { return specification }
        var interface: JSONObject = [
            "DeviceIndex": 0, "AssociatePublicIpAddress": .bool(addressing == "public"),
        ]
        // What an interface has of its own EC2 refuses to take beside it.
        for (key, member) in [
            ("SubnetId", "SubnetId"), ("SecurityGroupIds", "Groups"),
            ("Ipv6AddressCount", "Ipv6AddressCount"),
            ("EnablePrimaryIpv6", "PrimaryIpv6"),
        ] { interface[member] = specification.removeValue(forKey: key) }
        specification["NetworkInterfaces"] = [.object(interface)]
        return specification
    }

    /// Credentials that any program on the instance can ask for by one GET are how secrets leak.
    private static func withGuardedMetadata(_ specification: JSONObject) -> JSONObject {
        var specification = specification
        var options = specification["MetadataOptions"]?.objectValue ?? [:]
        if options["HttpTokens"] == nil, options["HttpEndpoint"] != "disabled" {
            options["HttpTokens"] = "required"
        }
        specification["MetadataOptions"] = .object(options)
        return specification
    }

    /// The launch's tags on every resource that it makes; the definition's own beside them.
    private static func add(
        tags request: LaunchRequest, on types: [String], _ parameters: inout QueryParameters
    ) {
        for (index, type) in types.enumerated() {
            let prefix = "TagSpecification.\(index + 1)."
            let own = request.definedTags(on: type)
            parameters.add(prefix + "ResourceType", type)
            parameters.add(
                tags: own.merging(request.tags, uniquingKeysWith: { _, ours in ours }), prefix: prefix)
        }
    }

    /// Objects become dotted names, arrays numbered ones without an "s" where the service model has it so.
    private static func flatten(_ name: String, _ value: JSONValue, _ parameters: inout QueryParameters) {
        switch value {
        case .null: break
        case .bool(let value): parameters.add(name, value ? "true" : "false")
        case .integer(let value): parameters.add(name, String(value))
        case .number(let number): parameters.add(name, value.integerValue.map(String.init) ?? String(number))
        case .string(let value): parameters.add(name, value)
        case .array(let values):
            for (index, value) in values.enumerated() { flatten("\(name).\(index + 1)", value, &parameters) }
        case .object(let object):
            for (key, value) in object.sorted(by: { $0.key < $1.key }) {
                flatten("\(name).\(memberNames[key] ?? key)", value, &parameters)
            }
        }
    }
}

extension LaunchRequest {
    var encodedUserData: String { Data(userData.utf8).base64EncodedString() }

    /// The tags that the definition's TagSpecifications put on a kind of resource.
    fileprivate func definedTags(on type: String) -> [String: String] {
        var tags: [String: String] = [:]
        for specification in launchSpecification["TagSpecifications"]?.arrayValue ?? [] {
            guard let object = specification.objectValue, object["ResourceType"]?.stringValue == type else {
                continue
            }
            for tag in object["Tags"]?.arrayValue ?? [] {
                if let key = tag.objectValue?["Key"]?.stringValue {
                    tags[key] = tag.objectValue?["Value"]?.stringValue ?? ""
                }
            }
        }
        return tags
    }
}
