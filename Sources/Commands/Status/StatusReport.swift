import Domain
import Formats
import FoundationEssentials
import Reporting
import Storage

/// Renders an overview as text and as JSON.
struct StatusReport {
    private let overview: Overview

    private let endings: TerminationReport
    init(_ overview: Overview, _ endings: TerminationOverview) {
        self.overview = overview
        self.endings = TerminationReport(endings: endings)
    }

    func lines(_ tables: TableOptions) -> [TerminalText] {
        var lines: [TerminalText] = []
        var table = TextTable(
            "worker type", "pending", "claimed", "running", "booting", "requested", "min", "max", "change",
            "USD/h",
            "decided")
        for line in overview.lines {
            let decision = line.decision
            table.add(
                line.type.name, decision?.pendingTasks.map(String.init) ?? "-",
                decision?.claimedTasks.map(String.init) ?? "-",
                decision.map { "\($0.tally.running)" } ?? "-", decision.map { "\($0.tally.booting)" } ?? "-",
                decision.map { "\($0.tally.requested)" } ?? "-", "\(line.bounds.minimum)",
                "\(line.bounds.maximum)", decision?.change.map { "\($0.change)" } ?? "-",
                line.spend.perHour.formatted(decimals: 4), decision.map { age($0.decidedAt) } ?? "never")
        }
        lines += table.isEmpty ? ["no worker types"] : table.shown(tables)
        for line in overview.lines {
            lines += (line.decision?.problems ?? []).map { "\(line.type.name): \(cut($0.description))" }
        }
        lines += overview.unreadable.map {
            "\($0.name): the stored definition cannot be read: \($0.reason)"
        }
        lines += [
            "", "spending about \(overview.spend.perHour.formatted(decimals: 4)) USD/h\(overview.spend.note)",
        ]
        lines += overview.limits.map { "\($0.shown)" }
        lines.append("")
        var table2 = TextTable("iteration", "started", "took", "outcome")
        for record in overview.iterations {
            table2.add(
                "\(record.id)\(record.dryRun ? " dry" : "")", record.startedAt.timestamp,
                record.finishedAt.map { $0.timeIntervalSince(record.startedAt).formatted(decimals: 1) + " s" }
                    ?? "-",
                record.outcome?.rawValue ?? "not finished")
        }
        lines += table2.isEmpty ? ["no iteration has run yet"] : table2.shown(tables)
        lines += overview.regions.map {
            "\($0.region): \($0.instances.filter { $0.state == .running }.count) instances running, "
                + "read \(age($0.fetchedAt))"
        }
        lines += overview.quotas.map { "\($0.shown)" }
        lines += overview.failures.map {
            "failed: \($0.subject): \($0.code): \(cut(ServiceFailure.brief($0.message))) (\(age($0.at)))"
        }
        lines += overview.pauses.map { "paused: \($0.shown)" }
        if overview.notifications.problemCount > 0 {
            lines.append(
                "notifications: \(overview.notifications.problemCount) problems have begun and not ended")
        }
        lines += overview.notifications.unsentText.map { ["notifications: \(cut($0))"] } ?? []
        lines += overview.warnings.map { "warning: \(cut($0))" }
        lines += overview.holds.map {
            "held: \($0.subject.name) until \($0.until.timestamp): \($0.code), \($0.failures) in a row"
                + ($0.advice.map { "; \($0)" } ?? "")
        }
        lines += endings.lines(tables, age: age)
        lines +=
            overview.calls.map { calls in
                calls.lines.enumerated().map { "\($0.offset == 0 ? "" : "  ")\($0.element)" }
            } ?? []
        lines += endings.noticeLines(age: age)
        return lines
    }

    /// Unicode scalars of a message that are shown; `--json` has it whole.
    private func cut(_ message: String) -> String { SafeText.cut(message, to: 500) }

    private func age(_ date: Date) -> String {
        RelativeTime.ago(overview.now.timeIntervalSince(date))
    }

    var json: JSONObject { state.merging(endings.json) { first, _ in first } }

    private var state: JSONObject {
        [
            "workerTypes": .array(
                overview.lines.map { line in
                    let decision = line.decision
                    return [
                        "workerType": .string(line.type.name),
                        "pendingTasks": decision?.pendingTasks.map { .integer(Int64($0)) } ?? .null,
                        "claimedTasks": decision?.claimedTasks.map { .integer(Int64($0)) } ?? .null,
                        "runningCapacity": .integer(Int64(decision?.tally.running ?? 0)),
                        "pendingCapacity": .integer(Int64(decision?.tally.booting ?? 0)),
                        "requestedCapacity": .integer(Int64(decision?.tally.requested ?? 0)),
                        "minCapacity": .integer(Int64(line.bounds.minimum)),
                        "maxCapacity": .integer(Int64(line.bounds.maximum)),
                        "change": decision?.change.map { .integer(Int64($0.change)) } ?? .null,
                        "schedule": decision?.schedule?.json ?? .null,
                        "decidedAt": decision.map { .string($0.decidedAt.timestamp) } ?? .null,
                        "problems": .array((decision?.problems ?? []).map { .string($0.description) }),
                        "usdPerHour": .number(line.spend.perHour),
                    ]
                }),
            "unreadableWorkerTypes": .array(
                overview.unreadable.map {
                    ["workerType": .string($0.name), "reason": .string($0.reason)]
                }), "usdPerHour": .number(overview.spend.perHour),
            "unpricedInstances": .integer(Int64(overview.spend.unpriced)),
            "iterations": .array(
                overview.iterations.map {
                    [
                        "id": .integer($0.id), "startedAt": .string($0.startedAt.timestamp),
                        "finishedAt": $0.finishedAt.map { .string($0.timestamp) } ?? .null,
                        "outcome": $0.outcome.map { .string($0.rawValue) } ?? .null,
                        "dryRun": .bool($0.dryRun),
                    ]
                }),
            "regions": .array(
                overview.regions.map {
                    [
                        "region": .string($0.region), "fetchedAt": .string($0.fetchedAt.timestamp),
                        "instanceCount": .integer(Int64($0.instances.count)),
                    ]
                }),
            "failures": .array(
                overview.failures.map {
                    [
                        "subject": .string($0.subject.description), "code": .string($0.code),
                        "message": .string($0.message), "at": .string($0.at.timestamp),
                    ]
                }),
            "holds": .array(overview.holds.map(\.json)),
            "pauses": .array(overview.pauses.map(\.json)),
            "limits": .array(overview.limits.map(\.json)),
            "quotas": .array(overview.quotas.map(\.json)),
            "notifications": .object(overview.notifications.json),
            "warnings": .array(overview.warnings.map(JSONValue.string)),
            "calls": overview.calls?.statistics.json ?? .null,
        ]
    }
}
