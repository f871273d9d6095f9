package import Formats

/// The merged launch specification, user data, secrets and scopes of one pool of a worker type.
///
/// Members are merged in the order general, region, zone, instance type. Later members replace earlier ones as a whole.
/// Scopes are united.
package struct LaunchSpecification: Hashable, Sendable {
    /// The merged specification, with EC2's key names, without user data.
    package let specification: JSONObject
    package let userData: JSONObject
    package let secrets: JSONObject
    /// Sorted and unique.
    package let scopes: [String]

    /// - Parameters:
    ///   - subnet: the subnet of the launch by the setting `subnets`; nil for the one with the most free addresses.
    ///   - keyName: the key pair of every instance; nil when the deployment has none.
    package init(
        _ definition: WorkerTypeDefinition, pool: Pool, subnet: String? = nil, keyName: String?
    ) {
        let layers = PoolLayers(definition, pool: pool)
        var specification = layers.specification
        var placement = specification["Placement"]?.objectValue ?? [:]
        placement["AvailabilityZone"] = .string(pool.availabilityZone)
        specification["Placement"] = .object(placement)
        specification["InstanceType"] = .string(pool.instanceType)
        specification["UserData"] = nil
        if let subnet { specification["SubnetId"] = .string(subnet) }
        if let keyName { specification["KeyName"] = .string(keyName) }
        self.specification = specification
        userData = layers.userData
        secrets = layers.secrets
        scopes = layers.scopes
    }
}
