package import FoundationEssentials

/// An EC2 instance as DescribeInstances shows it.
package struct Instance: Hashable, Codable, Identifiable, Sendable {
    /// The state names of EC2.
    package enum State: String, Codable, Sendable, CaseIterable {
        case pending
        case running
        case shuttingDown = "shutting-down"
        case terminated
        case stopping
        case stopped

        /// Whether it is terminated or shutting down. Neither can be reversed.
        package var isEnding: Bool { self == .shuttingDown || self == .terminated }

        /// Whether EC2 bills it, or will within seconds.
        var isBilled: Bool { self == .pending || self == .running }
    }

    package var id: String
    package var pool: Pool
    package var imageId: String
    package var state: State
    /// When EC2 last started it; the start of its age.
    package var launchTime: Date
    /// The request that it fulfils; nil on demand.
    package var spotRequestId: String?
    package var keyName: String?
    /// The market of the instance according to EC2. Nil in region states of versions that did not read it.
    package var lifecycle: Market?
    package var clientToken: String?
    /// EC2's code for the last change of state, for example `Server.SpotInstanceTermination`.
    package var stateReason: String?
    package var tags: [String: String]
    /// Its EBS volumes. Known only while it lacks the tag of its launch: then its volumes lack their tags as well.
    package var volumeIds: [String]

    package init(
        id: String, pool: Pool, imageId: String, state: State, launchTime: Date, spotRequestId: String? = nil,
        keyName: String? = nil, lifecycle: Market? = nil, clientToken: String? = nil,
        stateReason: String? = nil,
        tags: [String: String] = [:], volumeIds: [String] = []
    ) {
        self.id = id
        self.pool = pool
        self.imageId = imageId
        self.state = state
        self.launchTime = launchTime
        self.spotRequestId = spotRequestId
        self.keyName = keyName
        self.lifecycle = lifecycle
        self.clientToken = clientToken
        self.stateReason = stateReason
        self.tags = tags
        self.volumeIds = volumeIds
    }
}

extension Instance {
    private enum CodingKeys: CodingKey {
        case id, pool, imageId, state, launchTime, spotRequestId, keyName, lifecycle, clientToken,
            stateReason,
            tags, volumeIds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            pool: try container.decode(Pool.self, forKey: .pool),
            imageId: try container.decode(String.self, forKey: .imageId),
            state: try container.decode(State.self, forKey: .state),
            launchTime: try container.decode(Date.self, forKey: .launchTime),
            spotRequestId: try container.decodeIfPresent(String.self, forKey: .spotRequestId),
            keyName: try container.decodeIfPresent(String.self, forKey: .keyName),
            lifecycle: try container.decodeIfPresent(Market.self, forKey: .lifecycle),
            clientToken: try container.decodeIfPresent(String.self, forKey: .clientToken),
            stateReason: try container.decodeIfPresent(String.self, forKey: .stateReason),
            tags: try container.decode([String: String].self, forKey: .tags),
            // Region states of older versions lack volume ids.
            volumeIds: try container.decodeIfPresent([String].self, forKey: .volumeIds) ?? [])
    }
}
