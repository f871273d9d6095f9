package import FoundationEssentials

/// A spot instance request as DescribeSpotInstanceRequests shows it.
package struct SpotRequest: Hashable, Codable, Identifiable, Sendable {
    /// The state names of EC2.
    package enum State: String, Codable, Sendable, CaseIterable {
        case open
        case active
        case closed
        case cancelled
        case failed
        case disabled
    }

    package var id: String
    package var region: String
    /// The requested zone, or the zone of its instance; nil while EC2 may choose the zone.
    package var availabilityZone: String?
    package var instanceType: String
    package var imageId: String
    package var state: State
    /// EC2's status code, `pending-evaluation`, `capacity-not-available` and so on.
    package var statusCode: String
    package var createTime: Date
    /// The instance that fulfils it.
    package var instanceId: String?
    package var keyName: String?
    package var tags: [String: String]

    package init(
        id: String, region: String, availabilityZone: String?, instanceType: String, imageId: String,
        state: State,
        statusCode: String, createTime: Date, instanceId: String? = nil, keyName: String? = nil,
        tags: [String: String] = [:]
    ) {
        self.id = id
        self.region = region
        self.availabilityZone = availabilityZone
        self.instanceType = instanceType
        self.imageId = imageId
        self.state = state
        self.statusCode = statusCode
        self.createTime = createTime
        self.instanceId = instanceId
        self.keyName = keyName
        self.tags = tags
    }
}
