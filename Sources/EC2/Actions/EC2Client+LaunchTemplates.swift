import AWS
package import Domain
import Formats

extension EC2Client {
    /// Reads a version of a launch template; nil where the region does not have it.
    package func launchTemplate(
        _ reference: LaunchTemplateReference, region: String
    ) async throws -> LaunchTemplate? {
        var parameters = QueryParameters()
        parameters.add("LaunchTemplateId", reference.id)
        if reference.id == nil { parameters.add("LaunchTemplateName", reference.name) }
        parameters.add("LaunchTemplateVersion.1", reference.version)
        do {
            return try await call(
                .describeLaunchTemplateVersions, parameters, region: region,
                records: Records(path: ["launchTemplateVersionSet", "item"], names: LaunchTemplateData.names)
                {
                    record in
                    record.first("launchTemplateData", in: 0).map { data in
                        LaunchTemplate(
                            reference: reference, data: LaunchTemplateData(record: record, index: data).json)
                    }
                }
            ).items.first
        } catch let failure as ServiceFailure where failure.code.hasPrefix("InvalidLaunchTemplate") {
            return nil
        }
    }
}

/// The part of a launch template's data that this program reads, with the key names of RunInstances.
private struct LaunchTemplateData {
    let record: XMLRecord
    /// The index of the element `launchTemplateData`.
    let index: Int

    /// The texts and flags of each element, with their keys.
    private static let texts: [(element: String, key: String)] = [
        ("imageId", "ImageId"), ("keyName", "KeyName"), ("kernelId", "KernelId"), ("ramDiskId", "RamdiskId"),
    ]
    private static let flags: [(element: String, key: String)] = [
        ("ebsOptimized", "EbsOptimized"), ("disableApiTermination", "DisableApiTermination"),
    ]
    private static let metadata: [(element: String, key: String)] = [
        ("httpTokens", "HttpTokens"), ("httpPutResponseHopLimit", "HttpPutResponseHopLimit"),
        ("httpEndpoint", "HttpEndpoint"), ("httpProtocolIpv6", "HttpProtocolIpv6"),
        ("instanceMetadataTags", "InstanceMetadataTags"),
    ]
    private static let spot: [(element: String, key: String)] = [
        ("maxPrice", "MaxPrice"), ("spotInstanceType", "SpotInstanceType"),
        ("blockDurationMinutes", "BlockDurationMinutes"), ("validUntil", "ValidUntil"),
        ("instanceInterruptionBehavior", "InstanceInterruptionBehavior"),
    ]
    private static let interface: [(element: String, key: String)] = [
        ("deviceIndex", "DeviceIndex"), ("subnetId", "SubnetId"),
        ("networkInterfaceId", "NetworkInterfaceId"),
        ("associatePublicIpAddress", "AssociatePublicIpAddress"),
    ]
    private static let profile: [(element: String, key: String)] = [("arn", "Arn"), ("name", "Name")]

    static let names =
        [
            "launchTemplateData", "networkInterfaceSet", "groupSet", "groupId", "item",
            "instanceMarketOptions",
            "marketType", "spotOptions", "metadataOptions", "instanceRequirements", "iamInstanceProfile",
            "securityGroupIdSet", "securityGroupSet",
        ] + [texts, flags, metadata, spot, interface, profile].flatMap { $0.map(\.element) }

    var json: JSONObject {
        var data = object(Self.texts, in: index)
        for (element, key) in Self.flags {
            data[key] = record.text(element, in: index).map { .bool($0 == "true") }
        }
        if let set = record.first("networkInterfaceSet", in: index) {
            let interfaces = record.children(of: set, named: "item").map { item -> JSONValue in
                var interface = object(Self.interface, in: item)
                if let groups = record.first("groupSet", in: item) {
                    interface["Groups"] = list("groupId", in: groups)
                }
                return .object(interface)
            }
            if !interfaces.isEmpty { data["NetworkInterfaces"] = .array(interfaces) }
        }
        if let options = record.first("instanceMarketOptions", in: index) {
            var market = object([("marketType", "MarketType")], in: options)
            if let spot = record.first("spotOptions", in: options) {
                market["SpotOptions"] = .object(object(Self.spot, in: spot))
            }
            data["InstanceMarketOptions"] = .object(market)
        }
        if let options = record.first("metadataOptions", in: index) {
            data["MetadataOptions"] = .object(object(Self.metadata, in: options))
        }
        if let profile = record.first("iamInstanceProfile", in: index) {
            data["IamInstanceProfile"] = .object(object(Self.profile, in: profile))
        }
        for (element, key) in [
            ("securityGroupIdSet", "SecurityGroupIds"), ("securityGroupSet", "SecurityGroups"),
        ] {
            if let set = record.first(element, in: index) { data[key] = list("item", in: set) }
        }
        if record.first("instanceRequirements", in: index) != nil { data["InstanceRequirements"] = [:] }
        return data
    }

    private func object(_ members: [(element: String, key: String)], in parent: Int) -> JSONObject {
        members.reduce(into: [:]) { object, member in
            object[member.key] = record.text(member.element, in: parent).map(JSONValue.string)
        }
    }

    private func list(_ element: String, in parent: Int) -> JSONValue {
        .array(
            record.children(of: parent, named: element).map { child in
                .string(
                    String(
                        decoding: record.text[record.elements[child].textRange], as: UTF8.self))
            })
    }
}
