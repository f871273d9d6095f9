import Domain
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
        } else if request.launchSpecification["InstanceInitiatedShutdownBehavior"] == nil {
            // Workers shut themselves down. A spot instance is terminated by that; one on demand would be stopped, and
            // go on costing its volumes.
            parameters.add("InstanceInitiatedShutdownBehavior", "terminate")
        }
        add(tags: request, on: types, &parameters)
        for (key, value) in request.launchSpecification.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "SecurityGroups": flatten("SecurityGroup", value, &parameters)
            case "SecurityGroupIds": flatten("SecurityGroupId", value, &parameters)
            case "BlockDeviceMappings": flatten("BlockDeviceMapping", value, &parameters)
            case "NetworkInterfaces": flatten("NetworkInterface", value, &parameters)
            case "MonitoringEnabled": flatten("Monitoring.Enabled", value, &parameters)
            // RunInstances knows no addressing type; TagSpecifications are merged with ours above.
            case "AddressingType", "TagSpecifications": break
            default: flatten(key, value, &parameters)
            }
        }
        // Credentials that any program on the instance can ask for by one GET are how secrets leak.
        if request.launchSpecification["MetadataOptions"] == nil {
            parameters.add("MetadataOptions.HttpTokens", "required")
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
        for (key, value) in request.launchSpecification.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "SecurityGroups": flatten("LaunchSpecification.SecurityGroup", value, &parameters)
            case "SecurityGroupIds": flatten("LaunchSpecification.SecurityGroupId", value, &parameters)
            case "BlockDeviceMappings": flatten("LaunchSpecification.BlockDeviceMapping", value, &parameters)
            case "NetworkInterfaces": flatten("LaunchSpecification.NetworkInterface", value, &parameters)
            case "MonitoringEnabled": flatten("LaunchSpecification.Monitoring.Enabled", value, &parameters)
            // RequestSpotInstances has no such parameters.
            case "MetadataOptions", "TagSpecifications", "CreditSpecification", "CpuOptions",
                "LaunchTemplate":
                break
            default: flatten("LaunchSpecification." + key, value, &parameters)
            }
        }
        return parameters
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
        case .number(let value): parameters.add(name, String(value))
        case .string(let value): parameters.add(name, value)
        case .array(let values):
            for (index, value) in values.enumerated() { flatten("\(name).\(index + 1)", value, &parameters) }
        case .object(let object):
            for (key, value) in object.sorted(by: { $0.key < $1.key }) {
                flatten("\(name).\(memberNames[key] ?? key)", value, &parameters)
            }
        }
    }

    /// Members whose name in the query protocol is not the one of the service model's JSON.
    private static let memberNames = ["Groups": "SecurityGroupId"]
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
