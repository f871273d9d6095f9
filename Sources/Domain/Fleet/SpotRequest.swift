public import FoundationEssentials

/// A spot instance request as DescribeSpotInstanceRequests shows it.
public struct SpotRequest: Hashable, Codable, Identifiable, Sendable {
    /// The state names of EC2.
    public enum State: String, Codable, Sendable, CaseIterable {
        case open
        case active
        case closed
        case cancelled
        case failed
        case disabled
    }

    public var id: String
    public var region: String
    /// Where it was asked for, or where it was fulfilled; nil while EC2 may choose.
    public var availabilityZone: String?
    public var instanceType: String
    public var imageId: String
    public var state: State
    /// EC2's status code, `pending-evaluation`, `capacity-not-available` and so on.
    public var statusCode: String
    public var createTime: Date
    /// The instance that fulfils it.
    public var instanceId: String?
    public var keyName: String?
    public var tags: [String: String]

    public init(
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
