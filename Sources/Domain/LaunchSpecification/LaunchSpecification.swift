/// What one pool of a worker type is launched with: general, region, zone and instance type settings merged.
///
/// Later ones replace earlier ones key by key, each key whole. The same holds for user data and secrets; scopes are
/// united.
public struct LaunchSpecification: Hashable, Sendable {
    /// The merged specification, in EC2's key names. It never holds user data.
    public let specification: JSONObject
    public let userData: JSONObject
    public let secrets: JSONObject
    /// Sorted, each once.
    public let scopes: [String]

    /// - Parameter keyName: the key pair that every instance gets; nil when the deployment has none.
    public init(_ definition: WorkerTypeDefinition, pool: Pool, keyName: String?) {
        let region = definition.regions.first { $0.region == pool.region }
        let zone = definition.availabilityZones.first { $0.availabilityZone == pool.availabilityZone }
        let type = definition.instanceTypes.first { $0.instanceType == pool.instanceType }
        func merged(_ layers: JSONObject?...) -> JSONObject {
            layers.reduce(into: [:]) { result, layer in
                result.merge(layer ?? [:], uniquingKeysWith: { _, later in later })
            }
        }
        var specification = merged(
            definition.launchSpec, region?.launchSpec, zone?.launchSpec, type?.launchSpec)
        var placement = specification["Placement"]?.objectValue ?? [:]
        placement["AvailabilityZone"] = .string(pool.availabilityZone)
        specification["Placement"] = .object(placement)
        specification["InstanceType"] = .string(pool.instanceType)
        specification["UserData"] = nil
        if let keyName { specification["KeyName"] = .string(keyName) }
        self.specification = specification
        userData = merged(definition.userData, region?.userData, zone?.userData, type?.userData)
        secrets = merged(definition.secrets, region?.secrets, zone?.secrets, type?.secrets)
        scopes = Set(definition.scopes + (region?.scopes ?? []) + (type?.scopes ?? [])).sorted()
    }
}
