package import FoundationEssentials

/// The record of one launch, from before EC2 is called until the instance has ended.
///
/// Its id is also EC2's client token and the value of the `LaunchId` tag, so that a repeated call after a
/// crash cannot launch twice, and each instance identifies its record.
package struct Launch: Hashable, Codable, Sendable {
    /// The state of a launch. The last three are final.
    package enum State: String, Codable, Sendable, CaseIterable {
        /// Stored; EC2 may or may not have been called. Counts as requested capacity.
        case stored
        /// EC2 accepted it and returned an instance or a request. Counts as requested until EC2 shows it.
        case submitted
        /// EC2 has shown its instance or request.
        case visible
        /// EC2 refused it.
        case failed
        /// EC2 did not show it within `unseenLaunchLife`.
        case lost
        /// Its instance is terminated, or its request ended without one.
        case ended

        package var isFinal: Bool {
            switch self {
            case .stored, .submitted, .visible: false
            case .failed, .lost, .ended: true
            }
        }
    }

    /// A slugid; also the client token and the launch's tag. Not a secret.
    package let id: String
    package let workerType: String
    /// The `lastModified` of the definition that it was made from.
    package let definitionModified: Date
    /// The fingerprint of this definition; nil for launches of earlier versions.
    package let definition: String?
    /// The id of the iteration that decided it.
    package let iteration: Int64
    package let pool: Pool
    package let capacity: Int
    package let market: Market
    package let platform: ImagePlatform
    package let mode: RequestMode
    package let spotPrice: Price
    package let effectivePrice: Price
    /// The maximum price; `maxBid` for on-demand launches, which are billed at the on-demand price.
    package let bidPrice: Price
    package let createdAt: Date
    /// When its secret expires: `secretLife` after EC2 started its instance, or after the launch was stored. An instance
    /// that has not checked in by then has failed to boot.
    package internal(set) var secretExpires: Date

    package var state: State
    /// When EC2 was last called for it; nil before the first response.
    package var submittedAt: Date?
    package var instanceId: String?
    package var spotRequestId: String?
    /// When EC2 first showed it.
    package var seenAt: Date?
    /// Since when EC2 no longer shows its instance or request; nil while it does.
    package var missingSince: Date?
    /// When EC2 started its instance; nil until EC2 shows one.
    package var startedAt: Date?
    /// Since when its instance is stopping or stopped; nil otherwise.
    package var stoppedSince: Date?
    /// When its worker fetched the secret or called instanceStarted.
    package var checkedInAt: Date?
    /// When it reached a final state.
    package var endedAt: Date?
    /// EC2's code and message for a failure, or why it ended.
    package var errorCode: String?
    package var errorMessage: String?

    package init(
        id: String, workerType: String, definitionModified: Date, definition: String? = nil, iteration: Int64,
        pool: Pool, capacity: Int,
        market: Market, platform: ImagePlatform = .linux, mode: RequestMode, spotPrice: Price,
        effectivePrice: Price, bidPrice: Price,
        createdAt: Date,
        secretExpires: Date, state: State = .stored, instanceId: String? = nil, spotRequestId: String? = nil,
        seenAt: Date? = nil, missingSince: Date? = nil, checkedInAt: Date? = nil, endedAt: Date? = nil,
        errorCode: String? = nil,
        errorMessage: String? = nil, startedAt: Date? = nil, stoppedSince: Date? = nil,
        submittedAt: Date? = nil
    ) {
        self.id = id
        self.workerType = workerType
        self.definitionModified = definitionModified
        self.definition = definition
        self.iteration = iteration
        self.pool = pool
        self.capacity = capacity
        self.market = market
        self.platform = platform
        self.mode = mode
        self.spotPrice = spotPrice
        self.effectivePrice = effectivePrice
        self.bidPrice = bidPrice
        self.createdAt = createdAt
        self.secretExpires = secretExpires
        self.state = state
        self.instanceId = instanceId
        self.spotRequestId = spotRequestId
        self.seenAt = seenAt
        self.missingSince = missingSince
        self.checkedInAt = checkedInAt
        self.endedAt = endedAt
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.startedAt = startedAt
        self.stoppedSince = stoppedSince
        self.submittedAt = submittedAt
    }

    /// Whether a running instance of the launch counts as booting: its worker can still check in, or checked in so
    /// recently that it may not have claimed a task.
    package func isBooting(claimGrace: TimeInterval, now: Date) -> Bool {
        guard let checkedInAt else { return secretExpires > now }
        // A check-in during an iteration is later than the time of the iteration.
        return abs(now.timeIntervalSince(checkedInAt)) < claimGrace
    }
}
