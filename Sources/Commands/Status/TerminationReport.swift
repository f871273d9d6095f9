import Domain
import Formats
import FoundationEssentials
import Reporting
import Storage

/// Renders terminations and interruptions as text and as JSON.
struct TerminationReport {
    /// The number of pools and notices in the text. The JSON contains all.
    private static let shown = 10

    let endings: TerminationOverview

    /// - Parameter age: formats the time since a date.
    func lines(_ tables: TableOptions, age: (Date) -> String) -> [TerminalText] {
        var lines: [TerminalText] = endings.pending.map { record in
            """
            terminating: \(record.instanceId) in \(record.region) (\(record.workerType): \
            \(record.reason.rawValue)), requested \(age(record.askedAt))\
            \(record.attempts > 1 ? ", not terminated after \(record.attempts) requests" : "")
            """
        }
        let bad = endings.interrupted
        guard !bad.isEmpty else {
            if endings.instanceHours > 0 {
                lines.append(
                    """
                    no spot instance was interrupted in \(TerminationOverview.days) days and \(endings.instanceHours.formatted(decimals: 1)) \
                    instance-hours
                    """)
            }
            return lines
        }
        var table = TextTable(
            "interrupted in \(TerminationOverview.days) days", "times", "instance-hours", "per 100 h")
        for line in bad.prefix(Self.shown) {
            table.add(
                "\(line.pool)", "\(line.rate.interruptions)", line.rate.instanceHours.formatted(decimals: 1),
                line.rate.per100Hours.formatted(decimals: 2))
        }
        lines += [""] + table.shown(tables)
        if bad.count > Self.shown { lines.append("and \(bad.count - Self.shown) more pools: see --json") }
        return lines
    }

    /// The notices of the last day; empty when there were none.
    func noticeLines(age: (Date) -> String) -> [TerminalText] {
        guard !endings.notices.isEmpty else { return [] }
        return ["notices of the last day: \(endings.noticeCounts)"]
            + endings.notices.prefix(Self.shown).map {
                """
                  \($0.notice.kind.rawValue): \($0.notice.instanceId), \($0.workerType), \($0.pool), \
                \(age($0.notice.at))
                """
            }
    }

    var json: JSONObject {
        [
            "terminations": .array(
                endings.pending.map { record in
                    [
                        "instanceId": .string(record.instanceId), "region": .string(record.region),
                        "workerType": .string(record.workerType), "reason": .string(record.reason.rawValue),
                        "requestedAt": .string(record.askedAt.timestamp),
                        "lastRequestedAt": .string(record.lastAskedAt.timestamp),
                        "attempts": .integer(Int64(record.attempts)),
                    ]
                }),
            "interruptionRates": .array(
                endings.rates.map { line in
                    [
                        "region": .string(line.pool.region), "zone": .string(line.pool.availabilityZone),
                        "instanceType": .string(line.pool.instanceType),
                        "interruptions": .integer(Int64(line.rate.interruptions)),
                        "instanceHours": .number(line.rate.instanceHours),
                        "per100InstanceHours": .number(line.rate.per100Hours),
                    ]
                }),
            "notices": .array(
                endings.notices.map {
                    [
                        "instanceId": .string($0.notice.instanceId), "kind": .string($0.notice.kind.rawValue),
                        "workerType": .string($0.workerType),
                        "region": .string($0.pool.region), "zone": .string($0.pool.availabilityZone),
                        "instanceType": .string($0.pool.instanceType),
                        "at": .string($0.notice.at.timestamp),
                    ]
                }),
        ]
    }
}
