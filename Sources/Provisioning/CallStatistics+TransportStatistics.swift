import Domain
import HTTPTransport

extension CallStatistics {
    /// Creates the statistics of a report from those of the transport.
    init(_ statistics: TransportStatistics) {
        self.init(
            total: Counts(statistics.total), refusedByBudget: statistics.refusedByBudget,
            actions: statistics.actions.sorted {
                ($0.key.service, $0.key.action, $0.key.region)
                    < ($1.key.service, $1.key.action, $1.key.region)
            }.map { call, counts in
                Action(
                    service: call.service, action: call.action, region: call.region, counts: Counts(counts))
            },
            slowed: statistics.slowed.sorted {
                ($0.key.service, $0.key.region) < ($1.key.service, $1.key.region)
            }.map { Limit(service: $0.key.service, region: $0.key.region, callsAtOnce: $0.value) })
    }
}

extension CallStatistics.Counts {
    fileprivate init(_ counts: TransportStatistics.ActionCounts) {
        self.init(
            calls: counts.calls, retries: counts.retries, throttles: counts.throttles,
            secondsWaited: counts.secondsWaited)
    }
}
