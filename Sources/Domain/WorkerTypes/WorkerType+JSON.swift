package import Formats

extension WorkerTypeDefinition {
    /// The definition as a document of the API, with all members.
    package var json: JSONValue { .object(object) }

    fileprivate var object: JSONObject {
        [
            "launchSpec": .object(launchSpec), "userData": .object(userData), "secrets": .object(secrets),
            "scopes": .array(scopes.map(JSONValue.string)), "minCapacity": .integer(Int64(minCapacity)),
            "maxCapacity": .integer(Int64(maxCapacity)), "scalingRatio": .shortest(scalingRatio),
            "minPrice": .shortest(minPrice), "maxPrice": .shortest(maxPrice),
            "canUseOndemand": .bool(canUseOndemand), "canUseSpot": .bool(canUseSpot),
            "instanceTypes": .array(instanceTypes.map(\.json)), "regions": .array(regions.map(\.json)),
            "availabilityZones": .array(availabilityZones.map(\.json)), "description": .string(description),
            "owner": .string(owner),
        ]
    }

    /// Whether two definitions are equal apart from owner and description.
    package func isSame(as other: WorkerTypeDefinition) -> Bool {
        var other = other
        other.description = description
        other.owner = owner
        return self == other
    }
}

extension WorkerType {
    /// The definition as a document of the API, with `workerType` and `lastModified`.
    package var json: JSONValue {
        var object = definition.object
        object["workerType"] = .string(name)
        object["lastModified"] = .string(lastModified.timestamp)
        return .object(object)
    }

    /// Whether a worker type name is valid: 1 to 38 letters, digits, `-` and `_`.
    package static func isValidName(_ name: String) -> Bool {
        (1...38).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
                    || byte == 0x2d || byte == 0x5f
            }
    }
}

extension JSONValue {
    /// A number in its shortest notation: whole numbers have no fraction.
    fileprivate static func shortest(_ value: Double) -> JSONValue {
        Int64(exactly: value).map(JSONValue.integer) ?? .number(value)
    }
}

extension InstanceTypeConfiguration {
    fileprivate var json: JSONValue {
        [
            "instanceType": .string(instanceType), "capacity": .integer(Int64(capacity)),
            "utility": .shortest(utility), "launchSpec": .object(launchSpec), "userData": .object(userData),
            "secrets": .object(secrets), "scopes": .array(scopes.map(JSONValue.string)),
        ]
    }
}

extension RegionConfiguration {
    fileprivate var json: JSONValue {
        [
            "region": .string(region), "launchSpec": .object(launchSpec), "userData": .object(userData),
            "secrets": .object(secrets), "scopes": .array(scopes.map(JSONValue.string)),
        ]
    }
}

extension AvailabilityZoneConfiguration {
    fileprivate var json: JSONValue {
        [
            "region": .string(region), "availabilityZone": .string(availabilityZone),
            "launchSpec": .object(launchSpec), "userData": .object(userData), "secrets": .object(secrets),
        ]
    }
}
