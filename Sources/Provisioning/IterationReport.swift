package import Domain
package import Formats
package import FoundationEssentials
package import HTTPTransport

/// What one iteration saw, decided and did: the `--json` output, and what is stored of it.
package struct IterationReport: Sendable {
    package enum Outcome: String, Sendable {
        /// Every part worked.
        case success
        /// Some service could not be asked or did not answer; the rest went on.
        case partial
        /// Nothing could be done.
        case failed
    }

    /// Something that was terminated or cancelled.
    package struct Ending: Sendable {
        package let id: String
        package let region: String
        package let workerType: String
        package let reason: Retirement.Reason
    }

    package let id: Int64
    package let startedAt: Date
    package var finishedAt: Date
    package let dryRun: Bool
    package var decisions: [WorkerTypeDecision] = []
    package var bids: [BidResult] = []
    package var terminated: [Ending] = []
    package var cancelled: [Ending] = []
    /// Calls that failed, in the order of their subjects.
    package var failures: [FailedCall] = []
    /// What an operator has to look into, beside failed calls.
    package var warnings: [String] = []
    /// Notices of instances that go away, taken off their queue.
    package var notices = 0
    /// What was asked of the services.
    package var calls = CallCounts()
    /// Every call failed.
    package var allCallsFailed = false
    /// SIGTERM, SIGINT or the deadline ended it early.
    package var stoppedEarly = false

    init(id: Int64, startedAt: Date, dryRun: Bool) {
        self.id = id
        self.startedAt = startedAt
        finishedAt = startedAt
        self.dryRun = dryRun
    }

    package var outcome: Outcome {
        if allCallsFailed { return .failed }
        return failures.isEmpty && !stoppedEarly ? .success : .partial
    }

    /// Whether the deployment's credentials or rights are what failed.
    package var isMisconfigured: Bool { failures.contains { $0.failure.kind == .unauthorized } }

    /// The documented form.
    package var json: JSONValue {
        let failed = Dictionary(grouping: bids.filter { $0.failure != nil }, by: \.bid.workerType)
        let bought = Dictionary(grouping: bids, by: \.bid.workerType)
        return [
            "iteration": [
                "id": .integer(id), "startedAt": .string(startedAt.timestamp),
                "finishedAt": .string(finishedAt.timestamp), "outcome": .string(outcome.rawValue),
                "dryRun": .bool(dryRun),
            ],
            "workerTypes": .array(
                decisions.map { decision in
                    decision.json(
                        bids: bought[decision.workerType]?.count ?? 0,
                        errors: Set((failed[decision.workerType] ?? []).compactMap(\.failure?.description))
                            .sorted())
                }),
            "bids": .array(bids.map(\.json)), "terminated": .array(terminated.map(\.json)),
            "cancelled": .array(cancelled.map(\.json)), "notices": .integer(Int64(notices)),
            "calls": calls.json,
            "errors": .array(
                failures.map { call in
                    [
                        "subject": .string(call.subject), "code": .string(call.failure.code),
                        "message": .string(call.failure.message),
                    ]
                } + warnings.map { ["subject": "warning", "code": "warning", "message": .string($0)] }),
        ]
    }

    /// One line for people.
    package var summary: String {
        func count(_ outcome: BidResult.Outcome) -> Int { bids.count { $0.outcome == outcome } }
        var parts = [
            "iteration \(id)\(dryRun ? " (dry run)" : ""): \(outcome.rawValue)",
            "\(decisions.count) worker types",
            "\(decisions.reduce(0) { $0 + ($1.pendingTasks ?? 0) }) pending tasks",
            "\(decisions.reduce(0) { $0 + $1.tally.running }) running",
            "\(decisions.reduce(0) { $0 + $1.tally.pending }) booting",
            "\(decisions.reduce(0) { $0 + $1.tally.requested }) requested",
        ]
        let outcomes: [BidResult.Outcome] = [.launched, .planned, .failed, .unanswered, .skipped]
        parts += outcomes.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
        if !terminated.isEmpty { parts.append("\(terminated.count) terminated") }
        if !cancelled.isEmpty { parts.append("\(cancelled.count) cancelled") }
        if notices > 0 { parts.append("\(notices) interruption notices") }
        if !failures.isEmpty { parts.append("\(failures.count) failed calls") }
        if calls.total.throttles > 0 { parts.append("\(calls.total.throttles) throttled calls") }
        if calls.refusedByBudget > 0 { parts.append("\(calls.refusedByBudget) calls without a retry left") }
        return parts.joined(separator: ", ")
    }
}

extension WorkerTypeDecision {
    fileprivate func json(bids: Int, errors: [String]) -> JSONValue {
        [
            "workerType": .string(workerType),
            "pendingTasks": pendingTasks.map { .integer(Int64($0)) } ?? .null,
            "runningCapacity": .integer(Int64(tally.running)),
            "pendingCapacity": .integer(Int64(tally.pending)),
            "requestedCapacity": .integer(Int64(tally.requested)),
            "change": change.map { .integer(Int64($0.change)) } ?? .null, "bids": .integer(Int64(bids)),
            "errors": .array((problems + errors).map(JSONValue.string)),
        ]
    }
}

extension BidResult {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "workerType": .string(bid.workerType), "region": .string(bid.pool.region),
            "zone": .string(bid.pool.availabilityZone), "instanceType": .string(bid.pool.instanceType),
            "capacity": .integer(Int64(bid.capacity)), "spotPrice": .number(bid.spotPrice.usd),
            "effectivePrice": .number(bid.effectivePrice.usd), "bidPrice": .number(bid.bidPrice.usd),
            "market": .string(bid.market.rawValue), "outcome": .string(outcome.rawValue),
        ]
        if let launchId { object["launchId"] = .string(launchId) }
        if let id = answer?.instanceId { object["instanceId"] = .string(id) }
        if let id = answer?.spotRequestId { object["spotRequestId"] = .string(id) }
        if let failure { object["error"] = .string(failure.description) }
        return .object(object)
    }
}

extension IterationReport.Ending {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "region": .string(region), "workerType": .string(workerType),
            "reason": .string(reason.rawValue),
        ]
    }
}
