/// EC2's response to an accepted launch. It names an instance, a spot request or both.
package struct LaunchResponse: Hashable, Codable, Sendable {
    /// The response of a dry run, which names neither.
    package static let planned = LaunchResponse()

    package var instanceId: String?
    package var spotRequestId: String?

    package init(instanceId: String? = nil, spotRequestId: String? = nil) {
        self.instanceId = instanceId
        self.spotRequestId = spotRequestId
    }
}
