extension LaunchSpecification {
    /// The basic form of a key's value.
    enum Form: String {
        case string = "a string"
        case bool = "true or false"
        case object = "an object"
        case objects = "an array of objects"
        case strings = "an array of strings"

        func fits(_ value: JSONValue) -> Bool {
            switch self {
            case .string: value.stringValue != nil
            case .bool: value.boolValue != nil
            case .object: value.objectValue != nil
            case .objects: value.arrayValue?.allSatisfy { $0.objectValue != nil } ?? false
            case .strings: value.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false
            }
        }
    }

    /// The keys that may be given: those of the original's launch specification, and what EC2 has since added.
    /// A KeyName is replaced where the deployment has a key pair of its own.
    static let forms: [String: Form] = [
        "ImageId": .string, "KeyName": .string, "SecurityGroups": .strings, "SecurityGroupIds": .strings,
        "AddressingType": .string,
        "BlockDeviceMappings": .objects, "EbsOptimized": .bool, "IamInstanceProfile": .object,
        "KernelId": .string, "MonitoringEnabled": .bool, "NetworkInterfaces": .objects, "Placement": .object,
        "RamdiskId": .string, "SubnetId": .string, "MetadataOptions": .object, "TagSpecifications": .objects,
        "CreditSpecification": .object, "CpuOptions": .object, "LaunchTemplate": .object,
    ]

    /// Keys that have one place, and why they are refused elsewhere.
    private static let reserved: [String: String] = [
        "InstanceType": "is set from instanceTypes[].instanceType",
        "UserData": "is generated; put your data into userData",
    ]

    /// Notes every reason why the definition makes no valid launch specification.
    static func check(_ definition: WorkerTypeDefinition, _ notes: FormReader.Notes) {
        check(definition.launchSpec, "launchSpec", mayNameImage: false, notes)
        for (index, region) in definition.regions.enumerated() {
            check(region.launchSpec, "regions[\(index)].launchSpec", mayNameImage: true, notes)
        }
        for (index, zone) in definition.availabilityZones.enumerated() {
            check(zone.launchSpec, "availabilityZones[\(index)].launchSpec", mayNameImage: false, notes)
        }
        for (index, type) in definition.instanceTypes.enumerated() {
            var specification = type.launchSpec
            // Naming the same type once more is harmless, and old definitions do.
            if specification["InstanceType"]?.stringValue == type.instanceType {
                specification["InstanceType"] = nil
            }
            check(specification, "instanceTypes[\(index)].launchSpec", mayNameImage: false, notes)
        }
        for pool in definition.previewPools {
            let merged = LaunchSpecification(definition, pool: pool, keyName: nil).specification
            let place = "launchSpec of \(pool.region) \(pool.availabilityZone) \(pool.instanceType)"
            if merged["SubnetId"] != nil, merged["SecurityGroups"] != nil {
                notes.note(.rule, place, "SubnetId goes with SecurityGroupIds, not with SecurityGroups")
            }
            if merged["NetworkInterfaces"] != nil, merged["SubnetId"] != nil {
                notes.note(.rule, place, "SubnetId belongs inside NetworkInterfaces when those are given")
            }
        }
    }

    private static func check(
        _ specification: JSONObject, _ path: String, mayNameImage: Bool, _ notes: FormReader.Notes
    ) {
        for (key, value) in specification.sorted(by: { $0.key < $1.key }) {
            if let reason = reserved[key] {
                notes.note(.rule, "\(path).\(key)", reason)
            } else if key == "ImageId", !mayNameImage {
                notes.note(.rule, "\(path).ImageId", "may stand only in regions[].launchSpec")
            } else if let form = forms[key] {
                if !form.fits(value) { notes.note(.rule, "\(path).\(key)", "must be \(form.rawValue)") }
            } else {
                notes.note(.rule, "\(path).\(key)", "is no key of a launch specification")
            }
        }
    }
}

extension WorkerTypeDefinition {
    /// One pool for each region, named zone and instance type; where a region names no zone, its first (`a`).
    public var previewPools: [Pool] {
        regions.flatMap { region in
            let named = availabilityZones.filter { $0.region == region.region }.map(\.availabilityZone)
            return (named.isEmpty ? [region.region + "a"] : named).flatMap { zone in
                instanceTypes.map { type in
                    Pool(region: region.region, availabilityZone: zone, instanceType: type.instanceType)
                }
            }
        }
    }
}
