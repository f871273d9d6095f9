import Domain
import TestSupport
import Testing

@testable import Simulation

@Suite("Quotas in a replay")
struct QuotaReplayTests {
    @Test("have a text with market, region, class and vCPUs")
    func text() {
        #expect(
            SimulatedQuota("on-demand:eu-west-1:G-and-VT=128")?.quota
                == VCPUQuota(VCPUQuota.Subject(.onDemand, "eu-west-1", .g), vCPUs: 128))
        for text in [
            "", "spot", "spot:a:Standard", "spot:a:Standard=-1", "spot:a:Z=1", "other:a:Standard=1",
            "spot::Standard=1", "spot:a:Standard=1=2",
        ] {
            #expect(SimulatedQuota(text) == nil, "\(text)")
        }
    }

    @Test("are never exceeded, and all tasks are done later", arguments: [1, 2, 3] as [UInt64])
    func bound(seed: UInt64) throws {
        var scenario = Scenarios.random(seed, mixed: true)
        let series = scenario.prices.series
        let sizes = AccountQuotas([], instanceTypes: series.map(\.pool.instanceType)).sizes
        /// The most vCPUs of a region after a launch.
        func most(_ replay: Replay) -> Int {
            let instances = replay.fleet.instances.map { instance in
                let pool = series[instance.pool].pool
                return (
                    region: pool.region, size: (sizes[pool.instanceType] ?? nil) ?? 0,
                    from: instance.launchedAt, to: instance.endedAt ?? .infinity
                )
            }
            return instances.map { launched in
                instances.filter {
                    $0.region == launched.region && $0.from <= launched.from && $0.to > launched.from
                }.reduce(0) { $0 + $1.size }
            }.max() ?? 0
        }
        let free = Scenarios.replay(scenario)
        let limit = most(free) / 2
        #expect(limit > 16)
        scenario.quotas = try Set(series.map(\.pool.region)).map { region in
            try #require(SimulatedQuota("spot:\(region):Standard=\(limit)"))
        }
        let limited = Scenarios.replay(scenario)
        #expect(most(limited) <= limit)
        #expect(limited.fleet.done == limited.fleet.tasks.count)
        #expect(limited.refusals == 0)
    }
}
