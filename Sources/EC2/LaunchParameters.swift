import AWS
import Domain
import Formats
import FoundationEssentials

/// The parameters of RunInstances and RequestSpotInstances for a launch.
///
/// The parameter names of a launch specification's keys are those of EC2's service model (API version 2016-11-15).
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
        // A worker ends with a shutdown of its instance. A stopped instance would still cost storage.
        parameters.add("InstanceInitiatedShutdownBehavior", "terminate")
        let specification = withAddressing(request.launchSpecification)
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

    /// Keys whose values are merged elsewhere. A one-time spot request needs no shutdown behaviour: it ends with its
    /// instance.
    private static let setElsewhere: Set = ["TagSpecifications", "InstanceInitiatedShutdownBehavior"]

    /// The names in the query protocol of keys that have another name there.
    private static let names = [
        "SecurityGroups": "SecurityGroup", "SecurityGroupIds": "SecurityGroupId",
        "BlockDeviceMappings": "BlockDeviceMapping", "NetworkInterfaces": "NetworkInterface",
        "LicenseSpecifications": "LicenseSpecification", "MonitoringEnabled": "Monitoring.Enabled",
    ]

    /// The same for members of the values.
    private static let memberNames = [
        "Groups": "SecurityGroupId", "Ipv4Prefixes": "Ipv4Prefix", "Ipv6Prefixes": "Ipv6Prefix",
    ]

    /// Replaces the addressing type, which RunInstances does not have, by a network interface.
    private static func withAddressing(_ specification: JSONObject) -> JSONObject {
        var specification = specification
        guard let addressing = specification.removeValue(forKey: "AddressingType")?.stringValue,
            // Named security groups belong to the default VPC, whose instances have public addresses. The check of
            // definitions refuses private addresses there.
            specification["SecurityGroups"] == nil, specification["NetworkInterfaces"] == nil
        else { return specification }
        var interface: JSONObject = [
            "DeviceIndex": 0, "AssociatePublicIpAddress": .bool(addressing == "public"),
        ]
        // EC2 rejects these parameters at top level when a network interface is specified.
        for (key, member) in [
            ("SubnetId", "SubnetId"), ("SecurityGroupIds", "Groups"),
            ("Ipv6AddressCount", "Ipv6AddressCount"),
            ("EnablePrimaryIpv6", "PrimaryIpv6"),
        ] { interface[member] = specification.removeValue(forKey: key) }
        specification["NetworkInterfaces"] = [.object(interface)]
        return specification
    }

    /// Adds the tags of the launch and of the definition for each resource type.
    private static func add(
        tags request: LaunchRequest, on types: [String], _ parameters: inout QueryParameters
    ) {
        for (index, type) in types.enumerated() {
            let prefix = "TagSpecification.\(index + 1)."
            let own = request.definedTags(on: type)
            parameters.add(prefix + "ResourceType", type)
            parameters.add(
                tags: own.merging(request.tags, uniquingKeysWith: { _, launch in launch }), prefix: prefix)
        }
    }

    /// Writes objects as dotted names, and arrays as numbered names.
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

    /// The tags of the definition's TagSpecifications for a resource type.
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
