package import Formats

extension WorkerTypeDefinition {
    /// Replaces the value of every secret. Secrets with a nil value are removed.
    ///
    /// - Parameter transform: receives the path of the secret, `regions[us-east-1].secrets.token`, and its value.
    package func mappingSecrets(
        _ transform: (_ place: String, _ value: JSONValue) throws -> JSONValue?
    ) rethrows -> WorkerTypeDefinition {
        func mapped(_ object: JSONObject, _ prefix: String) throws -> JSONObject {
            var result: JSONObject = [:]
            for (key, value) in object { result[key] = try transform("\(prefix)secrets.\(key)", value) }
            return result
        }
        var copy = self
        copy.secrets = try mapped(secrets, "")
        for (index, type) in instanceTypes.enumerated() {
            copy.instanceTypes[index].secrets = try mapped(
                type.secrets, "instanceTypes[\(type.instanceType)].")
        }
        for (index, region) in regions.enumerated() {
            copy.regions[index].secrets = try mapped(region.secrets, "regions[\(region.region)].")
        }
        for (index, zone) in availabilityZones.enumerated() {
            copy.availabilityZones[index].secrets = try mapped(
                zone.secrets, "availabilityZones[\(zone.availabilityZone)].")
        }
        return copy
    }

    /// The definition with a placeholder for the value of every secret.
    package var hidingSecrets: WorkerTypeDefinition { mappingSecrets { _, _ in JSONDifference.hidden } }

    /// Whether the value of a secret is a placeholder.
    package var hasPlaceholders: Bool { !takingSecrets(from: nil).missing.isEmpty }

    /// Replaces each placeholder of a secret by the value that a stored definition has at the same path.
    ///
    /// - Returns: also the paths of placeholders without a stored value; these secrets are left out.
    package func takingSecrets(
        from stored: WorkerTypeDefinition?
    ) -> (definition: WorkerTypeDefinition, missing: [String]) {
        var values: [String: JSONValue] = [:]
        _ = stored?.mappingSecrets { place, value in
            values[place] = value
            return value
        }
        var missing: [String] = []
        let definition = mappingSecrets { place, value in
            guard value == JSONDifference.hidden else { return value }
            if values[place] == nil { missing.append(place) }
            return values[place]
        }
        return (definition, missing.sorted())
    }

    /// How another definition differs from this one, without the values of secrets.
    package func differences(to other: WorkerTypeDefinition) -> [JSONDifference] {
        JSONDifference.between(json, other.json)
    }
}
