import Algorithms
import Domain
import Formats
import FoundationEssentials
import Logging
import Storage

extension ProvisioningIteration {
    /// Logs, stores and purges.
    func finish(_ report: inout IterationReport, purges: Bool, now: Date) throws {
        report.finishedAt = now
        report.warnings += database.unreadableProblems
        report.failures.sort {
            ($0.subject.description, $0.failure.code) < ($1.subject.description, $1.failure.code)
        }
        write(report)
        let noteworthy = report.noteworthyDecisions(since: try database.iterations.latestProblems())
        try database.iterations.record(report.decisions, noteworthy: noteworthy, iteration: report.id)
        try recordHistory(report)
        try database.regions.setFailures(
            report.failures.keyed(by: \.subject) { _, first, _ in first }.mapValues(\.failure), now: now)
        if purges { try purge(now: now) }
        try database.iterations.finish(
            report.id, outcome: report.outcome, summary: report.storedSummary(noteworthy: noteworthy),
            now: now)
    }

    /// Deletes the records that are older than their retention.
    private func purge(now: Date) throws {
        try database.history.purge(now: now)
        try database.images.purge(readBefore: now.addingTimeInterval(-2 * deployment.rules.imageCacheLife))
        try database.secrets.purgeExpired(now: now)
        try database.iterations.purge(startedBefore: now.addingTimeInterval(-Retention.iterations))
        try database.launches.purge(endedBefore: now.addingTimeInterval(-Retention.launches))
        try database.holds.purge(endedBefore: now.addingTimeInterval(-deployment.rules.holdMemory))
        try database.pauses.purge(endedBefore: now)
        try database.terminations.purge(before: now.addingTimeInterval(-Retention.terminations))
        try database.interruptions.purge(before: now.addingTimeInterval(-Retention.interruptions))
        try database.notices.purge(before: now.addingTimeInterval(-Retention.notices))
        try database.notifications.purge(before: now.addingTimeInterval(-Retention.notifications))
        try database.taskCounts.purge(now: now)
        try database.spend.purge(now: now)
        try database.quotas.purge(readBefore: now.addingTimeInterval(-Retention.quotas))
        try database.declarations.purge(dueBefore: now.addingTimeInterval(-Retention.launches))
        try database.audit.purge(before: now.addingTimeInterval(-deployment.auditRetention))
        try database.workerTypes.purge(
            removedBefore: now.addingTimeInterval(-Retention.namesOfWorkerTypes))
    }

    /// Records the data of plots and counters.
    private func recordHistory(_ report: IterationReport) throws {
        func events(
            _ resources: [IterationSummary.TerminatedResource]
        ) -> [(workerType: String, detail: String)] {
            resources.map { ($0.workerType, $0.reason.rawValue) }
        }
        try database.history.record(report.decisions)
        try database.counters.add(.terminations, events(report.terminated))
        try database.counters.add(.cancellations, events(report.cancelled))
    }

    private func write(_ report: IterationReport) {
        for call in report.failures {
            log.error("\(call.subject): \(call.failure)")
        }
        for warning in report.warnings { log.warning("\(warning)") }
        for decision in report.decisions {
            for problem in decision.problems {
                log.log(
                    level: problem.kind == .stopped ? .error : .warning, "\(problem)",
                    metadata: ["workerType": "\(decision.workerType)"])
            }
        }
        func write(_ resources: [IterationSummary.TerminatedResource], _ word: String, id: String) {
            for resource in resources {
                log.notice(
                    "\(word): \(resource.reason.rawValue)",
                    metadata: [
                        id: "\(resource.id)", "workerType": "\(resource.workerType)",
                        "region": "\(resource.region)",
                    ])
            }
        }
        write(report.terminated, "terminated", id: "instanceId")
        write(report.cancelled, "cancelled", id: "spotRequestId")
        for result in report.bids { self.write(result) }
        log.info("\(report.line)")
    }

    private func write(_ result: BidResult) {
        var metadata: Logger.Metadata = [
            "workerType": "\(result.bid.workerType)", "pool": "\(result.bid.pool)",
            "bidPrice": "\(result.bid.bidPrice)",
        ]
        if let id = result.answer?.instanceId { metadata["instanceId"] = "\(id)" }
        if let id = result.answer?.spotRequestId { metadata["spotRequestId"] = "\(id)" }
        if let id = result.launchId { metadata["launchId"] = "\(id)" }
        if let failure = result.failure { metadata["error"] = "\(failure)" }
        let level: Logger.Level =
            switch result.outcome {
            case .launched, .planned: .info
            case .failed, .unanswered: .warning
            case .skipped: .debug
            }
        log.log(level: level, "bid \(result.outcome.rawValue)", metadata: metadata)
    }
}

extension IterationReport {
    /// Adds the bids and problems of reselections to the decisions.
    mutating func add(reselected: [Bid], problems: [String: [Problem]]) {
        let bids = Dictionary(grouping: reselected, by: \.workerType)
        for index in decisions.indices {
            let name = decisions[index].workerType
            decisions[index].add(reselected: bids[name] ?? [], problems: problems[name] ?? [])
        }
    }

    /// Adds the received notices.
    mutating func note(_ drained: InterruptionDrain.Result) {
        notices = drained.notices
        if drained.foreign > 0 {
            warnings.append(
                "\(drained.foreign) messages in the interruption queue are no notices of EC2: its redrive policy "
                    + "applies to them")
        }
    }

    /// Adds a failed call of the region for launches without a response, with refused credentials, and with a resource that
    /// is not visible yet. A missing right is a failure of the deployment if every worker type that launched lacks it, else
    /// of the worker type.
    mutating func noteFailedLaunches() {
        let attempts = Dictionary(
            grouping: bids.filter { $0.outcome != .skipped && $0.outcome != .planned }, by: \.bid.workerType)
        let allLackRights = attempts.values.allSatisfy { results in
            results.allSatisfy { $0.failure?.kind == .unauthorized }
        }
        var noted: Set<String> = []
        for result in bids {
            guard let failure = result.failure else { continue }
            let isNoted =
                result.outcome == .unanswered || [.notFound, .credentials].contains(failure.kind)
                || failure.kind == .unauthorized && allLackRights
            let region = result.bid.pool.region
            guard isNoted, noted.insert(region).inserted else { continue }
            failures.append(FailedCall(.launch, region, failure))
        }
    }
}
