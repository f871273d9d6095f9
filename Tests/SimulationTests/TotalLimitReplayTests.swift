import Domain
import FoundationEssentials
import TestSupport
import Testing

@testable import Simulation

@Suite("Limits over all worker types in a replay")
struct TotalLimitReplayTests {
    private func replay(_ limits: [TotalLimits.Kind: Double], seed: UInt64) -> Replay {
        var rules = ProvisioningRules()
        for (kind, value) in limits { rules.totalLimits[kind] = value }
        var replay = Replay(Scenarios.random(seed, mixed: true), rules: rules)
        replay.run()
        return replay
    }

    private func most(_ replay: Replay) -> Int { replay.samples.map { $0.running + $0.booting }.max() ?? 0 }

    @Test("of capacity are never exceeded, and all tasks are done later", arguments: [1, 2, 3] as [UInt64])
    func capacity(seed: UInt64) {
        let free = replay([:], seed: seed)
        let limit = most(free) / 2
        #expect(limit > 2)
        let limited = replay([.capacity: Double(limit)], seed: seed)
        #expect(most(limited) <= limit)
        #expect(limited.fleet.done == limited.fleet.tasks.count)
        #expect(limited.end > free.end)
    }

    @Test("of a day stop launches when it is spent", arguments: [1, 2, 3] as [UInt64])
    func dailySpend(seed: UInt64) {
        /// The launches at whose time a sum was spent in their day.
        func launches(_ replay: Replay, after limit: Double) -> Int {
            replay.fleet.instances.count { launched in
                let time = launched.launchedAt
                let day = SpendPeriod.day(containing: replay.market.date(time)).begin.timeIntervalSince1970
                let spent = replay.fleet.instances.lazy.filter { $0.launchedAt < time }.reduce(0) {
                    $0 + replay.cost(of: $1, from: day - replay.scenario.start, to: time)
                }
                return spent > limit
            }
        }
        let free = replay([:], seed: seed)
        let limit = free.fleet.instances.reduce(0) { $0 + free.cost(of: $1) } / 8
        #expect(launches(free, after: limit) > 0)
        let limited = replay([.dailySpend: limit], seed: seed)
        #expect(launches(limited, after: limit) == 0)
        #expect(limited.fleet.done == limited.fleet.tasks.count)
    }

    @Test("that are far away change nothing", arguments: [1, 2] as [UInt64])
    func farLimits(seed: UInt64) {
        let free = replay([:], seed: seed)
        let limited = replay(
            [.capacity: 1e6, .instances: 1e6, .hourlySpend: 1e6, .dailySpend: 1e6, .monthlySpend: 1e6],
            seed: seed)
        #expect(free.fleet.instances.map(\.pool) == limited.fleet.instances.map(\.pool))
        #expect(free.end == limited.end)
    }
}
