package import Formats

/// An instance type that a worker type may use.
package struct InstanceTypeConfiguration: Hashable, Sendable {
    package var instanceType: String
    /// Tasks that one instance runs at once; at least 1.
    package var capacity: Int
    /// The factor that makes prices of different instance types comparable; above 0.
    package var utility: Double
    package var launchSpec: JSONObject
    package var userData: JSONObject
    package var secrets: JSONObject
    package var scopes: [String]

    package init(
        instanceType: String, capacity: Int, utility: Double, launchSpec: JSONObject = [:],
        userData: JSONObject = [:], secrets: JSONObject = [:], scopes: [String] = []
    ) {
        self.instanceType = instanceType
        self.capacity = capacity
        self.utility = utility
        self.launchSpec = launchSpec
        self.userData = userData
        self.secrets = secrets
        self.scopes = scopes
    }
}
