import Domain
import HTTPTransport

extension CallStatistics {
    /// Creates the statistics of a report from the counts of the transport.
    init(_ counts: CallCounts) {
        self.init(
            total: Counts(counts.total), refusedByBudget: counts.refusedByBudget,
            actions: counts.lines.sorted {
                ($0.key.service, $0.key.action, $0.key.region)
                    < ($1.key.service, $1.key.action, $1.key.region)
            }.map { call, line in
                Action(
                    service: call.service, action: call.action, region: call.region, counts: Counts(line))
            },
            slowed: counts.slowed.sorted {
                ($0.key.service, $0.key.region) < ($1.key.service, $1.key.region)
            }.map { Limit(service: $0.key.service, region: $0.key.region, callsAtOnce: $0.value) })
    }
}

extension CallStatistics.Counts {
    fileprivate init(_ line: CallCounts.Line) {
        self.init(
            calls: line.calls, retries: line.retries, throttles: line.throttles,
            secondsWaited: line.secondsWaited)
    }
}
