import Domain
import FoundationEssentials
import Storage

/// How the deployment stands, as far as the last iterations know.
struct StatusReport {
    private struct Line {
        let type: WorkerType
        let decision: WorkerTypeDecision?
        let spend: SpendEstimate
    }

    private let now: Date
    private let rows: [Line]
    private let iterations: [IterationRecord]
    private let failures: [RegionStore.Failure]
    private let backOffs: [BackOff]
    private let regions: [RegionState]
    private let endings: EndingsReport
    private let calls: CallSummary?
    /// Of the last day, about instances of ours.
    private let notices: [NoticeStore.OwnNotice]

    init(_ database: ProvisionerDatabase, workerType: String?, now: Date) throws {
        self.now = now
        let decisions = Dictionary(
            try database.iterations.explanations().map { ($0.workerType, $0) },
            uniquingKeysWith: { first, _ in first })
        let launches = Dictionary(grouping: try database.launches.open(), by: \.workerType)
        let prices = Dictionary(
            try database.prices.all().map { ($0.pool, $0.price) }, uniquingKeysWith: max)
        rows = try database.workerTypes.all().filter { workerType == nil || $0.name == workerType }.map {
            Line(
                type: $0, decision: decisions[$0.name],
                spend: SpendEstimate(launches: launches[$0.name] ?? [], prices: prices))
        }
        iterations = try database.iterations.latest(5)
        failures = try database.regions.failures()
        backOffs = try database.backOffs.all().filter { $0.until > now }
        regions = try database.regions.all().values.sorted { $0.region < $1.region }
        endings = try EndingsReport(database, workerType: workerType, now: now)
        calls = iterations.lazy.filter { !$0.dryRun }.compactMap(CallSummary.init).first
        notices = try database.notices.own(since: now.addingTimeInterval(-86_400)).filter {
            workerType == nil || $0.workerType == workerType
        }
    }

    private var total: SpendEstimate { rows.reduce(SpendEstimate()) { $0.adding($1.spend) } }

    var lines: [String] {
        var lines: [String] = []
        var table = TextTable(
            "worker type", "pending", "running", "booting", "requested", "min", "max", "change", "USD/h",
            "decided")
        for line in rows {
            let decision = line.decision
            table.add(
                line.type.name, decision?.pendingTasks.map(String.init) ?? "-",
                decision.map { "\($0.tally.running)" } ?? "-", decision.map { "\($0.tally.pending)" } ?? "-",
                decision.map { "\($0.tally.requested)" } ?? "-", "\(line.type.definition.minCapacity)",
                "\(line.type.definition.maxCapacity)", decision?.change.map { "\($0.change)" } ?? "-",
                fixed(line.spend.perHour, 4), decision.map { age($0.decidedAt) } ?? "never")
        }
        lines += table.isEmpty ? ["no worker types"] : table.lines
        for line in rows {
            lines += (line.decision?.problems ?? []).map { "\(line.type.name): \($0)" }
        }
        lines += ["", "spending about \(fixed(total.perHour, 4)) USD/h\(total.note)", ""]
        var table2 = TextTable("iteration", "started", "took", "outcome")
        for record in iterations {
            table2.add(
                "\(record.id)\(record.dryRun ? " dry" : "")", record.startedAt.timestamp,
                record.finishedAt.map { fixed($0.timeIntervalSince(record.startedAt), 1) + " s" } ?? "-",
                record.outcome ?? "not finished")
        }
        lines += table2.isEmpty ? ["no iteration has run yet"] : table2.lines
        lines += regions.map {
            "\($0.region): \($0.instances.filter { $0.state == .running }.count) instances running, "
                + "read \(age($0.fetchedAt))"
        }
        lines += failures.map {
            "failed: \($0.subject): \($0.code): \(ServiceFailure.brief($0.message)) (\(age($0.at)))"
        }
        lines += backOffs.map {
            "backed off: \($0.subject.name) until \($0.until.timestamp): \($0.code), \($0.failures) in a row"
        }
        lines += endings.lines(age: age)
        lines += calls?.lines ?? []
        if !notices.isEmpty {
            func count(_ kind: InterruptionNotice.Kind) -> Int { notices.count { $0.notice.kind == kind } }
            lines.append(
                "notices of the last day: \(count(.interruption)) interruptions, \(count(.rebalance)) "
                    + "recommendations to rebalance, \(count(.ended)) ends")
            lines += notices.prefix(10).map {
                "  \($0.notice.kind.rawValue): \($0.notice.instanceId), \($0.workerType), \($0.pool), "
                    + age($0.notice.at)
            }
        }
        return lines
    }

    private func age(_ date: Date) -> String {
        let seconds = max(0, now.timeIntervalSince(date))
        switch seconds {
        case ..<120: return "\(Int(seconds)) s ago"
        case ..<7200: return "\(Int(seconds / 60)) min ago"
        case ..<172_800: return "\(Int(seconds / 3600)) h ago"
        default: return "\(Int(min(seconds / 86_400, 1e6))) days ago"
        }
    }

    var json: JSONValue { .object(state.merging(endings.json) { first, _ in first }) }

    private var state: JSONObject {
        [
            "workerTypes": .array(
                rows.map { line in
                    let decision = line.decision
                    return [
                        "workerType": .string(line.type.name),
                        "pendingTasks": decision?.pendingTasks.map { .integer(Int64($0)) } ?? .null,
                        "runningCapacity": .integer(Int64(decision?.tally.running ?? 0)),
                        "pendingCapacity": .integer(Int64(decision?.tally.pending ?? 0)),
                        "requestedCapacity": .integer(Int64(decision?.tally.requested ?? 0)),
                        "minCapacity": .integer(Int64(line.type.definition.minCapacity)),
                        "maxCapacity": .integer(Int64(line.type.definition.maxCapacity)),
                        "change": decision?.change.map { .integer(Int64($0.change)) } ?? .null,
                        "decidedAt": decision.map { .string($0.decidedAt.timestamp) } ?? .null,
                        "problems": .array((decision?.problems ?? []).map(JSONValue.string)),
                        "spendPerHour": .number(line.spend.perHour),
                    ]
                }), "spendPerHour": .number(total.perHour),
            "unpricedInstances": .integer(Int64(total.unpriced)),
            "iterations": .array(
                iterations.map {
                    [
                        "id": .integer($0.id), "startedAt": .string($0.startedAt.timestamp),
                        "finishedAt": $0.finishedAt.map { .string($0.timestamp) } ?? .null,
                        "outcome": $0.outcome.map(JSONValue.string) ?? .null, "dryRun": .bool($0.dryRun),
                    ]
                }),
            "regions": .array(
                regions.map {
                    [
                        "region": .string($0.region), "fetchedAt": .string($0.fetchedAt.timestamp),
                        "instances": .integer(Int64($0.instances.count)),
                    ]
                }),
            "failures": .array(
                failures.map {
                    [
                        "subject": .string($0.subject), "code": .string($0.code),
                        "message": .string($0.message), "at": .string($0.at.timestamp),
                    ]
                }),
            "backOffs": .array(
                backOffs.map {
                    [
                        "subject": .string($0.subject.name), "until": .string($0.until.timestamp),
                        "code": .string($0.code), "message": .string($0.message),
                        "failures": .integer(Int64($0.failures)),
                    ]
                }), "calls": calls?.json ?? .null,
            "notices": .array(
                notices.map {
                    [
                        "instanceId": .string($0.notice.instanceId), "kind": .string($0.notice.kind.rawValue),
                        "workerType": .string($0.workerType), "pool": .string("\($0.pool)"),
                        "at": .string($0.notice.at.timestamp),
                    ]
                }),
        ]
    }
}
