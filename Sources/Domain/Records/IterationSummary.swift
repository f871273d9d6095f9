/// The stored report of one iteration. `iterate --json`, `events`, `status` and the status page show it.
public struct IterationSummary: Hashable, Sendable {
    /// The version of the stored form. A report without one has the form of `iterate --json`
    /// (`IterationSummary+Unversioned`).
    public static let currentVersion = 1

    /// The decision for one worker type, in numbers.
    public struct Decision: Hashable, Codable, Sendable {
        public let workerType: String
        /// Nil when the Queue did not respond.
        public let pendingTasks: Int?
        public let tally: CapacityTally
        public let change: Int?
        /// The number of its bids.
        public let bids: Int
        public let problems: [Problem]
        /// The different refusals of its bids.
        public let refusals: [String]

        public init(
            workerType: String, pendingTasks: Int?, tally: CapacityTally, change: Int?, bids: Int,
            problems: [Problem], refusals: [String]
        ) {
            self.workerType = workerType
            self.pendingTasks = pendingTasks
            self.tally = tally
            self.change = change
            self.bids = bids
            self.problems = problems
            self.refusals = refusals
        }
    }

    /// One bid and its result.
    public struct SubmittedBid: Hashable, Codable, Sendable {
        public let bid: Bid
        public let outcome: BidResult.Outcome
        public let launchId: String?
        public let instanceId: String?
        public let spotRequestId: String?
        public let failure: ServiceFailure?

        public init(
            _ bid: Bid, _ outcome: BidResult.Outcome, launchId: String?, instanceId: String?,
            spotRequestId: String?, failure: ServiceFailure?
        ) {
            self.bid = bid
            self.outcome = outcome
            self.launchId = launchId
            self.instanceId = instanceId
            self.spotRequestId = spotRequestId
            self.failure = failure
        }
    }

    /// An instance that was terminated, or a spot request that was cancelled.
    public struct TerminatedResource: Hashable, Codable, Sendable {
        public let id: String
        public let region: String
        public let workerType: String
        public let reason: Retirement.Reason

        public init(id: String, region: String, workerType: String, reason: Retirement.Reason) {
            self.id = id
            self.region = region
            self.workerType = workerType
            self.reason = reason
        }
    }

    /// A call that failed.
    public struct Failure: Hashable, Codable, Sendable {
        /// Nil in a report of an older program whose subject is unknown.
        public let subject: CallSubject?
        public let code: String
        public let message: String

        public init(subject: CallSubject?, code: String, message: String) {
            self.subject = subject
            self.code = code
            self.message = message
        }
    }

    public private(set) var version = Self.currentVersion
    public var decisions: [Decision] = []
    public var bids: [SubmittedBid] = []
    public var terminated: [TerminatedResource] = []
    public var cancelled: [TerminatedResource] = []
    public var failures: [Failure] = []
    /// Conditions that an operator has to look into, beside failed calls.
    public var warnings: [String] = []
    /// Notices of interruptions that were taken off their queue.
    public var notices = 0
    /// Nil in a report of an older program that did not count calls.
    public var calls: CallStatistics?
    /// The failure of our own that ended the iteration.
    public var error: String?

    public init() {}

    /// The report of an iteration that a failure of our own ended.
    public init(error: any Error) { self.error = "\(error)" }
}

extension IterationSummary: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.currentVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container, debugDescription: "a version that this program does not read"
            )
        }
        self.init()
        decisions = try container.decode([Decision].self, forKey: .decisions)
        bids = try container.decode([SubmittedBid].self, forKey: .bids)
        terminated = try container.decode([TerminatedResource].self, forKey: .terminated)
        cancelled = try container.decode([TerminatedResource].self, forKey: .cancelled)
        failures = try container.decode([Failure].self, forKey: .failures)
        warnings = try container.decode([String].self, forKey: .warnings)
        notices = try container.decode(Int.self, forKey: .notices)
        calls = try container.decodeIfPresent(CallStatistics.self, forKey: .calls)
        error = try container.decodeIfPresent(String.self, forKey: .error)
    }
}
