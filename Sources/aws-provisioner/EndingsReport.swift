import Domain
import FoundationEssentials
import Storage

/// How instances come to their end: what would not terminate, and how often EC2 takes spot instances back.
struct EndingsReport {
    private struct Line {
        let pool: Pool
        let rate: InterruptionRate
    }

    /// Days that the rates are counted over: as long as launches are kept.
    private static let days = 30
    /// Pools that are shown to people; `--json` has them all.
    private static let shown = 10

    private let pending: [TerminationRecord]
    /// Worst first.
    private let rates: [Line]

    init(_ database: ProvisionerDatabase, workerType: String?, now: Date) throws {
        pending = try database.terminations.pending().filter {
            workerType == nil || $0.workerType == workerType
        }
        rates = try database.interruptions.rates(
            since: now.addingTimeInterval(-Double(Self.days) * 86_400), now: now
        ).map(Line.init).sorted {
            ($1.rate.per100Hours, $0.pool) < ($0.rate.per100Hours, $1.pool)
        }
    }

    /// - Parameter age: says how long ago something was.
    func lines(age: (Date) -> String) -> [String] {
        var lines = pending.map { record in
            "terminating: \(record.instanceId) in \(record.region) (\(record.workerType): "
                + "\(record.reason.rawValue)), first told \(age(record.askedAt))"
                + (record.attempts > 1 ? ", would not terminate: told \(record.attempts) times" : "")
        }
        let hours = rates.reduce(0) { $0 + $1.rate.instanceHours }
        let bad = rates.filter { $0.rate.interruptions > 0 }
        guard !bad.isEmpty else {
            if hours > 0 {
                lines.append(
                    "no spot instance was interrupted in \(Self.days) days and \(fixed(hours, 1)) "
                        + "instance-hours")
            }
            return lines
        }
        var table = TextTable(
            "interrupted in \(Self.days) days", "times", "instance-hours", "per 100 h")
        for line in bad.prefix(Self.shown) {
            table.add(
                "\(line.pool)", "\(line.rate.interruptions)", fixed(line.rate.instanceHours, 1),
                fixed(line.rate.per100Hours, 2))
        }
        lines += [""] + table.shown()
        if bad.count > Self.shown { lines.append("and \(bad.count - Self.shown) more pools: see --json") }
        return lines
    }

    var json: JSONObject {
        [
            "terminations": .array(
                pending.map { record in
                    [
                        "instanceId": .string(record.instanceId), "region": .string(record.region),
                        "workerType": .string(record.workerType), "reason": .string(record.reason.rawValue),
                        "askedAt": .string(record.askedAt.timestamp),
                        "lastAskedAt": .string(record.lastAskedAt.timestamp),
                        "attempts": .integer(Int64(record.attempts)),
                    ]
                }),
            "interruptions": .array(
                rates.map { line in
                    [
                        "region": .string(line.pool.region), "zone": .string(line.pool.availabilityZone),
                        "instanceType": .string(line.pool.instanceType),
                        "interruptions": .integer(Int64(line.rate.interruptions)),
                        "instanceHours": .number(line.rate.instanceHours),
                        "per100InstanceHours": .number(line.rate.per100Hours),
                    ]
                }),
        ]
    }
}
