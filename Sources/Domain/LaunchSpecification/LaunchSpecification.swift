/// What one pool of a worker type is launched with: general, region, zone and instance type settings merged.
///
/// Later ones replace earlier ones key by key, each key whole. The same holds for user data and secrets; scopes are
/// united.
package struct LaunchSpecification: Hashable, Sendable {
    /// The merged specification, in EC2's key names. It never holds user data.
    package let specification: JSONObject
    package let userData: JSONObject
    package let secrets: JSONObject
    /// Sorted, each once.
    package let scopes: [String]

    /// - Parameter keyName: the key pair that every instance gets; nil when the deployment has none.
    package init(_ definition: WorkerTypeDefinition, pool: Pool, keyName: String?) {
        let layers = PoolLayers(definition, pool: pool)
        var specification = layers.specification
        var placement = specification["Placement"]?.objectValue ?? [:]
        placement["AvailabilityZone"] = .string(pool.availabilityZone)
        specification["Placement"] = .object(placement)
        specification["InstanceType"] = .string(pool.instanceType)
        specification["UserData"] = nil
        if let keyName { specification["KeyName"] = .string(keyName) }
        self.specification = specification
        userData = layers.userData
        secrets = layers.secrets
        scopes = layers.scopes
    }
}
