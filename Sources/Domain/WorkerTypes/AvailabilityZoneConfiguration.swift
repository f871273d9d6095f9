package import Formats

/// An availability zone that a worker type may use. If a region has named zones, its other zones are not used.
package struct AvailabilityZoneConfiguration: Hashable, Sendable {
    package var region: String
    package var availabilityZone: String
    package var launchSpec: JSONObject
    package var userData: JSONObject
    package var secrets: JSONObject

    package init(
        region: String, availabilityZone: String, launchSpec: JSONObject, userData: JSONObject = [:],
        secrets: JSONObject = [:]
    ) {
        self.region = region
        self.availabilityZone = availabilityZone
        self.launchSpec = launchSpec
        self.userData = userData
        self.secrets = secrets
    }
}
