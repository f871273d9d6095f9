package import Domain
package import Formats
package import FoundationEssentials
package import HTTPTransport

/// The observations, decisions and actions of one iteration.
package struct IterationReport: Sendable {
    package let id: Int64
    package let startedAt: Date
    package var finishedAt: Date
    package let dryRun: Bool
    package var decisions: [WorkerTypeDecision] = []
    package var bids: [BidResult] = []
    package var terminated: [IterationSummary.TerminatedResource] = []
    package var cancelled: [IterationSummary.TerminatedResource] = []
    /// Calls that failed, in the order of their subjects.
    package var failures: [FailedCall] = []
    /// Conditions that an operator should investigate, besides failed calls.
    package var warnings: [String] = []
    /// The limits over all worker types with what counts against them.
    package var limits: [LimitUse] = []
    /// The quotas of the account that this deployment uses.
    package var quotas: [QuotaUse] = []
    /// The number of interruption notices that were received.
    package var notices = 0
    /// The calls to the services.
    package var calls = TransportStatistics()
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

    package var outcome: IterationOutcome {
        if allCallsFailed { return .failed }
        if !failures.isEmpty || stoppedEarly { return .partial }
        return heldBack.isEmpty ? .success : .degraded
    }

    /// The worker types that need capacity and launch nothing, with a problem that says why. A pause is no failure.
    package var heldBack: [String] {
        let served = Set(bids.filter(\.counts).map(\.bid.workerType))
        return decisions.filter { decision in
            (decision.pendingTasks ?? 0) > 0 && (decision.change?.change ?? 0) > 0
                && !decision.problems.isEmpty && !decision.isPaused && !served.contains(decision.workerType)
        }.map(\.workerType)
    }

    /// Whether a call failed for lack of valid credentials or rights.
    package var isMisconfigured: Bool {
        failures.contains(where: \.failure.isMisconfiguration)
    }

    /// The worker types whose decisions are kept: with submitted bids, with cancelled requests, or with a problem that
    /// their previous decision did not have.
    ///
    /// - Parameter problems: the problems of the previous decisions, by worker type.
    func noteworthyDecisions(since problems: [String: [Problem]]) -> Set<String> {
        var names = Set(bids.lazy.filter { $0.outcome != .skipped }.map(\.bid.workerType))
        names.formUnion(cancelled.map(\.workerType))
        names.formUnion(
            decisions.filter { $0.hasNewProblem(since: problems[$0.workerType] ?? []) }.map(\.workerType))
        return names
    }

    /// The failed calls, and the warnings, of a stored report. The table of failed calls has them all.
    private static let storedFailures = 20

    /// The report as it is stored: with the noteworthy decisions and the first failures, so that a lasting failure or an
    /// idle fleet does not fill the disk.
    func storedSummary(noteworthy: Set<String>) -> IterationSummary {
        var summary = summary
        summary.decisions.removeAll { !noteworthy.contains($0.workerType) }
        summary.omittedFailures =
            max(0, summary.failures.count - Self.storedFailures)
            + max(0, summary.warnings.count - Self.storedFailures)
        summary.failures = Array(summary.failures.prefix(Self.storedFailures))
        summary.warnings = Array(summary.warnings.prefix(Self.storedFailures))
        return summary
    }

    /// The whole report.
    package var summary: IterationSummary {
        let ofType = Dictionary(grouping: bids, by: \.bid.workerType)
        var summary = IterationSummary()
        summary.decisions = decisions.map { decision in
            let bids = ofType[decision.workerType] ?? []
            return IterationSummary.Decision(
                workerType: decision.workerType, pendingTasks: decision.pendingTasks, tally: decision.tally,
                change: decision.change?.change, bids: bids.count, problems: decision.problems,
                refusals: Set(bids.compactMap(\.failure?.description)).sorted())
        }
        let submitted = bids.filter { $0.outcome != .skipped }
        summary.skippedBids = bids.count - submitted.count
        summary.bids = submitted.map { result in
            IterationSummary.SubmittedBid(
                result.bid, result.outcome, launchId: result.launchId, instanceId: result.answer?.instanceId,
                spotRequestId: result.answer?.spotRequestId, failure: result.failure,
                isRepeat: result.isRepeat)
        }
        summary.terminated = terminated
        summary.cancelled = cancelled
        summary.failures = failures.map {
            IterationSummary.Failure(
                subject: $0.subject, code: $0.failure.code, message: $0.failure.message)
        }
        summary.warnings = warnings
        summary.limits = limits.isEmpty ? nil : limits
        summary.quotas = quotas.isEmpty ? nil : quotas
        summary.notices = notices
        summary.calls = CallStatistics(calls)
        return summary
    }

    /// The documented form of `iterate --json`.
    package var json: JSONObject {
        var document = summary.json
        document["iteration"] = [
            "id": .integer(id), "startedAt": .string(startedAt.timestamp),
            "finishedAt": .string(finishedAt.timestamp), "outcome": .string(outcome.rawValue),
            "dryRun": .bool(dryRun),
        ]
        return document
    }

    /// The report in one line of text.
    package var line: String {
        func count(_ outcome: BidResult.Outcome) -> Int { bids.count { $0.outcome == outcome } }
        var parts = [
            "iteration \(id)\(dryRun ? " (dry run)" : ""): \(outcome.rawValue)",
            "\(decisions.count) worker types",
            "\(decisions.reduce(0) { $0 + ($1.pendingTasks ?? 0) }) pending tasks",
            "\(decisions.reduce(0) { $0 + $1.tally.running }) running",
            "\(decisions.reduce(0) { $0 + $1.tally.booting }) booting",
            "\(decisions.reduce(0) { $0 + $1.tally.requested }) requested",
        ]
        let outcomes: [BidResult.Outcome] = [.launched, .planned, .failed, .unanswered, .skipped]
        parts += outcomes.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
        if !terminated.isEmpty { parts.append("\(terminated.count) terminated") }
        if !cancelled.isEmpty { parts.append("\(cancelled.count) cancelled") }
        if notices > 0 { parts.append("\(notices) interruption notices") }
        if !heldBack.isEmpty { parts.append("\(heldBack.count) worker types held back") }
        if !failures.isEmpty { parts.append("\(failures.count) failed calls") }
        if calls.total.throttles > 0 { parts.append("\(calls.total.throttles) throttled calls") }
        if calls.refusedByBudget > 0 { parts.append("\(calls.refusedByBudget) calls without a retry left") }
        return parts.joined(separator: ", ")
    }
}
