public import FoundationEssentials

/// An EC2 instance as DescribeInstances shows it.
public struct Instance: Hashable, Codable, Sendable {
    /// The state names of EC2.
    public enum State: String, Codable, Sendable, CaseIterable {
        case pending
        case running
        case shuttingDown = "shutting-down"
        case terminated
        case stopping
        case stopped
    }

    public var id: String
    public var pool: Pool
    public var imageId: String
    public var state: State
    /// When EC2 last started it: what its age counts from.
    public var launchTime: Date
    /// The request that it fulfils; nil on demand.
    public var spotRequestId: String?
    public var keyName: String?
    public var clientToken: String?
    /// EC2's code for the last change of state, `Server.SpotInstanceTermination` among others.
    public var stateReason: String?
    public var tags: [String: String]

    public init(
        id: String, pool: Pool, imageId: String, state: State, launchTime: Date, spotRequestId: String? = nil,
        keyName: String? = nil, clientToken: String? = nil, stateReason: String? = nil,
        tags: [String: String] = [:]
    ) {
        self.id = id
        self.pool = pool
        self.imageId = imageId
        self.state = state
        self.launchTime = launchTime
        self.spotRequestId = spotRequestId
        self.keyName = keyName
        self.clientToken = clientToken
        self.stateReason = stateReason
        self.tags = tags
    }
}
