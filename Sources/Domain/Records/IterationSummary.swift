/// The stored report of one iteration. `iterate --json`, `events`, `status` and the status page show it.
package struct IterationSummary: Hashable, Sendable {
    /// The version of the stored format. A report without a version has the format of `iterate --json`
    /// (`IterationSummary+Unversioned`).
    package static let currentVersion = 1

    /// The decision for one worker type, in numbers.
    package struct Decision: Hashable, Codable, Sendable {
        package let workerType: String
        /// Nil when the Queue did not respond.
        package let pendingTasks: Int?
        package let tally: CapacityTally
        package let change: Int?
        /// The number of its bids.
        package let bids: Int
        package let problems: [Problem]
        /// The different refusals of its bids.
        package let refusals: [String]

        package init(
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
    package struct SubmittedBid: Hashable, Codable, Sendable {
        package let bid: Bid
        package let outcome: BidResult.Outcome
        package let launchId: String?
        package let instanceId: String?
        package let spotRequestId: String?
        package let failure: ServiceFailure?
        /// Whether the call repeated the launch of an earlier iteration. Nil in a report of an older program.
        package let isRepeat: Bool?

        package init(
            _ bid: Bid, _ outcome: BidResult.Outcome, launchId: String?, instanceId: String?,
            spotRequestId: String?, failure: ServiceFailure?, isRepeat: Bool? = nil
        ) {
            self.bid = bid
            self.outcome = outcome
            self.launchId = launchId
            self.instanceId = instanceId
            self.spotRequestId = spotRequestId
            self.failure = failure
            self.isRepeat = isRepeat
        }
    }

    /// An instance that was terminated, or a spot request that was cancelled.
    package struct TerminatedResource: Hashable, Codable, Sendable {
        package let id: String
        package let region: String
        package let workerType: String
        package let reason: TerminationPlan.Reason

        package init(id: String, region: String, workerType: String, reason: TerminationPlan.Reason) {
            self.id = id
            self.region = region
            self.workerType = workerType
            self.reason = reason
        }
    }

    /// A call that failed.
    package struct Failure: Hashable, Codable, Sendable {
        /// Nil in a report of an older program whose subject is unknown.
        package let subject: CallSubject?
        package let code: String
        package let message: String

        package init(subject: CallSubject?, code: String, message: String) {
            self.subject = subject
            self.code = code
            self.message = message
        }
    }

    package private(set) var version = Self.currentVersion
    package var decisions: [Decision] = []
    /// The bids that were submitted.
    package var bids: [SubmittedBid] = []
    /// The number of bids that were not submitted.
    package var skippedBids = 0
    package var terminated: [TerminatedResource] = []
    package var cancelled: [TerminatedResource] = []
    package var failures: [Failure] = []
    /// The number of failed calls that the stored report leaves out.
    package var omittedFailures = 0
    /// Conditions that an operator should check, beside failed calls.
    package var warnings: [String] = []
    /// The limits over all worker types with what counts against them; nil without limits.
    package var limits: [LimitUse]?
    /// The quotas of the account that the deployment uses; nil where none is known.
    package var quotas: [QuotaUse]?
    /// The number of interruption notices that were received.
    package var notices = 0
    /// Nil in a report of an older program that did not count calls.
    package var calls: CallStatistics?
    /// The internal error that ended the iteration.
    package var error: String?

    package init() {}

    /// Creates the report of an iteration that an internal error ended.
    package init(error: any Error) { self.error = "\(error)" }
}

extension IterationSummary: Codable {
    package init(from decoder: any Decoder) throws {
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
        skippedBids = try container.decodeIfPresent(Int.self, forKey: .skippedBids) ?? 0
        omittedFailures = try container.decodeIfPresent(Int.self, forKey: .omittedFailures) ?? 0
        warnings = try container.decode([String].self, forKey: .warnings)
        limits = try container.decodeIfPresent([LimitUse].self, forKey: .limits)
        quotas = try container.decodeIfPresent([QuotaUse].self, forKey: .quotas)
        notices = try container.decode(Int.self, forKey: .notices)
        calls = try container.decodeIfPresent(CallStatistics.self, forKey: .calls)
        error = try container.decodeIfPresent(String.self, forKey: .error)
    }
}
