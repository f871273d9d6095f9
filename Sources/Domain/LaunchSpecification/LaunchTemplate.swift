package import Formats

/// The version of a launch template that a definition names.
package struct LaunchTemplateReference: Hashable, Sendable, CustomStringConvertible {
    package let id: String?
    package let name: String?
    /// A number, `$Latest`, or `$Default`, which is EC2's default.
    package let version: String

    /// - Parameter specification: a merged launch specification; nil without a template.
    package init?(_ specification: JSONObject) {
        guard let template = specification["LaunchTemplate"]?.objectValue else { return nil }
        id = template["LaunchTemplateId"]?.stringValue
        name = template["LaunchTemplateName"]?.stringValue
        version = template["Version"]?.stringValue ?? "$Default"
        if id == nil, name == nil { return nil }
    }

    package var description: String { "\(name ?? id ?? "") version \(version)" }
}

/// The content of a version of a launch template.
package struct LaunchTemplate: Hashable, Sendable {
    package let reference: LaunchTemplateReference
    /// The members that this program reads, with the key names of RunInstances.
    package let data: JSONObject

    package init(reference: LaunchTemplateReference, data: JSONObject) {
        self.reference = reference
        self.data = data
    }

    /// The parameters of a launch: each parameter of the specification replaces that of the template.
    package func merged(into specification: JSONObject) -> JSONObject {
        data.merging(specification, uniquingKeysWith: { _, own in own })
    }

    /// The members of the template that contradict the launches of a specification.
    func conflicts(
        with specification: JSONObject, canUseOndemand: Bool, metadataTokens: MetadataTokens
    ) -> [String] {
        networkConflicts(with: specification) + marketConflicts(canUseOndemand: canUseOndemand)
            + metadataConflicts(with: specification, metadataTokens) + otherConflicts
    }

    private func networkConflicts(with specification: JSONObject) -> [String] {
        func has(_ key: String) -> Bool { specification[key] != nil }
        // The launch then has network interfaces of its own, which replace those of the template.
        let replaces = has("NetworkInterfaces") || has("AddressingType") && !has("SecurityGroups")
        guard data["NetworkInterfaces"] != nil, !replaces else { return [] }
        return ["SubnetId", "SecurityGroups", "SecurityGroupIds", "Ipv6AddressCount", "EnablePrimaryIpv6"]
            .filter(has).map {
                "has network interfaces, with which EC2 refuses \($0): leave it out, or give NetworkInterfaces"
            }
    }

    private func marketConflicts(canUseOndemand: Bool) -> [String] {
        guard let options = data["InstanceMarketOptions"]?.objectValue else { return [] }
        let market = options["MarketType"]?.stringValue ?? ""
        guard market == "spot" else { return ["has the market \(market), and workers are spot or on demand"] }
        var conflicts: [String] = []
        if canUseOndemand {
            conflicts.append(
                "has the market spot, which on-demand launches would get: set canUseOndemand to false")
        }
        let spot = options["SpotOptions"]?.objectValue ?? [:]
        for key in ["BlockDurationMinutes", "ValidUntil"] where spot[key] != nil {
            conflicts.append("has \(key) for spot, which the provisioner does not set and cannot remove")
        }
        return conflicts
    }

    private func metadataConflicts(
        with specification: JSONObject, _ metadataTokens: MetadataTokens
    ) -> [String] {
        let own = specification["MetadataOptions"]?.objectValue ?? [:]
        guard data["MetadataOptions"]?.objectValue?["HttpEndpoint"] == "disabled", own["HttpEndpoint"] == nil
        else { return [] }
        if own["HttpTokens"] != nil {
            return ["disables the metadata service, and EC2 refuses MetadataOptions.HttpTokens with it"]
        }
        if metadataTokens != .account {
            return ["disables the metadata service, and EC2 refuses the setting metadataTokens with it"]
        }
        return []
    }

    private var otherConflicts: [String] {
        var conflicts: [String] = []
        if data["DisableApiTermination"] == true {
            conflicts.append(
                "has DisableApiTermination, which would keep the provisioner from terminating the instance")
        }
        if data["InstanceRequirements"] != nil {
            conflicts.append("has InstanceRequirements, with which EC2 refuses an instance type")
        }
        return conflicts
    }
}

extension WorkerTypeDefinition {
    /// The launch templates that the definition names, by region.
    package var launchTemplates: [String: Set<LaunchTemplateReference>] {
        guard launchSpecLayers.contains(where: { $0.specification["LaunchTemplate"] != nil }) else {
            return [:]
        }
        return previewPools.reduce(into: [:]) { named, pool in
            if let reference = LaunchTemplateReference(PoolLayers(self, pool: pool).specification) {
                named[pool.region, default: []].insert(reference)
            }
        }
    }

    /// The conflicts between the definition and its launch templates, one text each.
    ///
    /// - Parameter templates: by region. Pools with another template are not checked.
    package func conflicts(
        with templates: [String: [LaunchTemplate]], metadataTokens: MetadataTokens
    ) -> [String] {
        var conflicts: Set<String> = []
        var zones = SubnetZones(self)
        for pool in previewPools {
            let specification = PoolLayers(self, pool: pool).specification
            guard let reference = LaunchTemplateReference(specification),
                let template = templates[pool.region]?.first(where: { $0.reference == reference })
            else { continue }
            for text in template.conflicts(
                with: specification, canUseOndemand: canUseOndemand, metadataTokens: metadataTokens)
            {
                conflicts.insert("\(pool.region): the launch template \(reference) \(text)")
            }
            zones.add(template.merged(into: specification), of: pool)
        }
        return conflicts.sorted() + zones.problems.map { "SubnetId \($0.subnet): \($0.text)" }
    }
}
