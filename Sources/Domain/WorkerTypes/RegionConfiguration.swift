package import Formats

/// A region that a worker type may use. Its launch specification contains the image id, which differs by region.
package struct RegionConfiguration: Hashable, Sendable {
    package var region: String
    package var launchSpec: JSONObject
    package var userData: JSONObject
    package var secrets: JSONObject
    package var scopes: [String]

    package init(
        region: String, launchSpec: JSONObject, userData: JSONObject = [:], secrets: JSONObject = [:],
        scopes: [String] = []
    ) {
        self.region = region
        self.launchSpec = launchSpec
        self.userData = userData
        self.secrets = secrets
        self.scopes = scopes
    }
}
