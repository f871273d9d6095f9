package import Formats

extension LaunchSpecification {
    /// EC2's maximum of user data, and the part that the provisioner reserves. Bytes before base64.
    static let largestUserData = 16_384
    private static let generatedUserData = 1_024

    /// Collects the reasons why the launch specifications of a definition are invalid.
    static func check(_ definition: WorkerTypeDefinition, _ notes: ProblemCollector) {
        checkLayers(of: definition, notes)
        checkPools(of: definition, notes)
    }

    /// Collects the problems of each launch specification by itself.
    static func checkLayers(of definition: WorkerTypeDefinition, _ notes: ProblemCollector) {
        for layer in definition.launchSpecLayers {
            let specification = layer.specification.filter { key, value in
                // Old definitions repeat the instance type of their layer.
                !(key == "ImageId" && !layer.mayNameImage)
                    && !(key == "InstanceType" && value.stringValue == layer.instanceType)
            }
            LaunchSpecificationSchema.launchSpecification.check(.object(specification), at: layer.path, notes)
            if layer.specification["ImageId"] != nil, !layer.mayNameImage {
                notes.note(.rule, "\(layer.path).ImageId", "may stand only in regions[].launchSpec")
            }
            checkTags(layer.specification, layer.path, notes)
        }
        checkSubnets(definition, notes)
    }

    /// Collects the problems of the merged launch specification and user data of each pool.
    private static func checkPools(of definition: WorkerTypeDefinition, _ notes: ProblemCollector) {
        let largest = largestUserData - generatedUserData
        let sizes = UserDataSizes(definition)
        for pool in definition.previewPools where !notes.isFull {
            let layers = PoolLayers(definition, pool: pool)
            let place = "\(pool.region) \(pool.availabilityZone) \(pool.instanceType)"
            for problem in contradictions(in: layers.specification) {
                notes.note(.rule, "launchSpec of \(place)", problem)
            }
            // Later layers replace keys of earlier ones, so the upper bound can exceed the exact size.
            guard sizes.upperBound(for: pool) > largest else { continue }
            let size = JSONValue.object(layers.userData).serializedSize
            if size > largest {
                notes.note(
                    .rule, "userData of \(place)",
                    "is \(size) bytes of JSON; at most \(largest) go into EC2's "
                        + "\(largestUserData) beside what is generated")
            }
        }
    }

    /// The serialized sizes of the layers of user data.
    struct UserDataSizes {
        private let general: Int
        private let regions: [String: Int]
        private let zones: [String: Int]
        private let types: [String: Int]

        init(_ definition: WorkerTypeDefinition) {
            func size(_ userData: JSONObject) -> Int { JSONValue.object(userData).serializedSize }
            general = size(definition.userData)
            regions = Dictionary(
                definition.regions.map { ($0.region, size($0.userData)) }, uniquingKeysWith: max)
            zones = Dictionary(
                definition.availabilityZones.map { ($0.availabilityZone, size($0.userData)) },
                uniquingKeysWith: max)
            types = Dictionary(
                definition.instanceTypes.map { ($0.instanceType, size($0.userData)) }, uniquingKeysWith: max)
        }

        func upperBound(for pool: Pool) -> Int {
            general + (regions[pool.region] ?? 0) + (zones[pool.availabilityZone] ?? 0)
                + (types[pool.instanceType] ?? 0)
        }
    }

    /// Combinations of valid members that EC2 refuses.
    private static func contradictions(in specification: JSONObject) -> [String] {
        func has(_ key: String) -> Bool { specification[key] != nil }
        var problems: [String] = []
        if has("SubnetId"), has("SecurityGroups") {
            problems.append("SubnetId goes with SecurityGroupIds, not with SecurityGroups")
        }
        if has("NetworkInterfaces") {
            for (key, place) in [
                ("SubnetId", "SubnetId"), ("SecurityGroups", "Groups"), ("SecurityGroupIds", "Groups"),
                ("AddressingType", "AssociatePublicIpAddress"), ("Ipv6AddressCount", "Ipv6AddressCount"),
                ("EnablePrimaryIpv6", "PrimaryIpv6"),
            ] where has(key) {
                problems.append("\(key) belongs inside NetworkInterfaces (\(place)) when those are given")
            }
        }
        if specification["AddressingType"] == "private", has("SecurityGroups") {
            problems.append("AddressingType private goes with SecurityGroupIds, not with SecurityGroups")
        }
        for (key, first, second) in [
            ("IamInstanceProfile", "Arn", "Name"),
            ("LaunchTemplate", "LaunchTemplateId", "LaunchTemplateName"),
        ] {
            guard let object = specification[key]?.objectValue else { continue }
            if (object[first] == nil) == (object[second] == nil) {
                problems.append("\(key) needs either \(first) or \(second)")
            }
        }
        return problems
    }
}

extension WorkerTypeDefinition {
    /// A launch specification in a definition.
    package struct LaunchSpecLayer {
        package let path: String
        package let specification: JSONObject
        var mayNameImage = false
        /// The instance type of the layer, if it has one.
        var instanceType: String?
    }

    /// The launch specifications, without those of ignored zones.
    package var launchSpecLayers: [LaunchSpecLayer] {
        let listed = Set(regions.map(\.region))
        return [LaunchSpecLayer(path: "launchSpec", specification: launchSpec)]
            + regions.enumerated().map { index, region in
                LaunchSpecLayer(
                    path: "regions[\(index)].launchSpec", specification: region.launchSpec, mayNameImage: true
                )
            }
            + availabilityZones.enumerated().filter { listed.contains($1.region) }.map { index, zone in
                LaunchSpecLayer(
                    path: "availabilityZones[\(index)].launchSpec", specification: zone.launchSpec)
            }
            + instanceTypes.enumerated().map { index, type in
                LaunchSpecLayer(
                    path: "instanceTypes[\(index)].launchSpec", specification: type.launchSpec,
                    instanceType: type.instanceType)
            }
    }

    /// The number of `previewPools`.
    package var poolCount: Int {
        let zones = Dictionary(grouping: availabilityZones, by: \.region).mapValues(\.count)
        return regions.reduce(0) { $0 + (zones[$1.region] ?? 1) } * instanceTypes.count
    }

    /// One pool for each region, named zone and instance type; where a region names no zone, its first (`a`).
    package var previewPools: [Pool] {
        let zones = Dictionary(grouping: availabilityZones, by: \.region)
        return regions.flatMap { region in
            let named = (zones[region.region] ?? []).map(\.availabilityZone)
            return (named.isEmpty ? [region.region + "a"] : named).flatMap { zone in
                instanceTypes.map { type in
                    Pool(region: region.region, availabilityZone: zone, instanceType: type.instanceType)
                }
            }
        }
    }
}
