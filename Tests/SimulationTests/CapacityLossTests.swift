import Domain
import Foundation
import TestSupport
import Testing

@testable import Simulation

@Suite("Losses of capacity")
struct CapacityLossTests {
    /// A cluster ends after this time without an interruption. Seconds.
    private static let pause = 900.0

    /// The further interruptions in clusters, and those within three minutes of the first, over all pools of a replay.
    private func further(_ replay: Replay) -> (count: Int, soon: Int) {
        let interrupted = replay.fleet.instances.filter { $0.ending == .interrupted }
        var (count, soon) = (0, 0)
        for (_, instances) in Dictionary(grouping: interrupted, by: \.pool) {
            var (first, last) = (-Double.infinity, -Double.infinity)
            for time in instances.compactMap(\.endedAt).sorted() {
                if time - last > Self.pause {
                    first = time
                } else {
                    count += 1
                    if time - first <= 180 { soon += 1 }
                }
                last = time
            }
        }
        return (count, soon)
    }

    private func scenario(_ seed: UInt64) -> Scenario {
        var scenario = Scenarios.random(seed, shape: .steady, hours: 24)
        scenario.loads = [
            LoadGenerator(shape: .steady, tasksPerHour: 400, hours: 24, taskMinutes: 8)
                .load(workerType: "alpha", seed: seed)
        ]
        return scenario
    }

    @Test("Over 92 % of the further interruptions in a pool follow the first within three minutes, at a rate")
    func clustersByRate() {
        var (count, soon, hours, interruptions) = (0, 0, 0.0, 0)
        for seed: UInt64 in 1...3 {
            var scenario = scenario(seed)
            scenario.interruptions = InterruptionRates(perHour: 0.1)
            let replay = Scenarios.replay(scenario)
            let found = further(replay)
            (count, soon) = (count + found.count, soon + found.soon)
            hours += replay.fleet.records.reduce(0) { $0 + $1.instanceHours(replay.end) }
            interruptions += replay.fleet.interrupted
        }
        #expect(count > 200)
        #expect(Double(soon) > 0.92 * Double(count), "\(soon) of \(count)")
        #expect(
            abs(Double(interruptions) / hours - 0.1) < 0.02, "\(interruptions) in \(hours) instance-hours")
    }

    @Test("The same holds for recorded traces; needs ../shared")
    func clustersByTrace() throws {
        let path = Paths.root + "/../shared/data/spot-prices/capacity-traces.csv"
        guard let data = FileManager.default.contents(atPath: path) else {
            return print("NOT TESTED: clusters of recorded interruptions: there is no \(path)")
        }
        var (count, soon) = (0, 0)
        for seed: UInt64 in 1...3 {
            var scenario = scenario(seed)
            scenario.capacity = try CapacityTraces(csv: Array(data), source: path)
            let found = further(Scenarios.replay(scenario))
            (count, soon) = (count + found.count, soon + found.soon)
        }
        #expect(count > 200)
        #expect(Double(soon) > 0.92 * Double(count), "\(soon) of \(count)")
    }

    @Test("A decline over several probes is one loss, and a loss reaches instances launched after it")
    func decline() throws {
        let rows = ["0,4", "10,3", "20,1", "30,4", "100,2"].map { "preemption,t,4,a,d,30,\($0)\n" }
        let text = "kind,trace,nodes,availability_zone,device,gap_seconds,tick,available\n" + rows.joined()
        let traces = try CapacityTraces(csv: Array(text.utf8), source: "c")
        let losses = try #require(traces.preemption.first).losses
        #expect(losses.map(\.time) == [300, 3000])
        #expect(losses.map(\.share) == [0.75, 0.5])

        var scenario = Scenarios.make([])
        scenario.interruptions = InterruptionRates(perHour: 1)
        var capacity = CapacityLosses(scenario, times: SeededRandom(seed: 1), hits: SeededRandom(seed: 2))
        let next = capacity.next(0, after: 0)
        let loss = try #require(next)
        #expect(capacity.interruption(in: 0, after: loss.time) == nil, "before the first loss")
        capacity.begin(loss)
        func hit(after delay: Double) -> Int {
            (0..<1000).count { _ in
                capacity.interruption(in: 0, after: loss.time + delay).map { $0 >= loss.time + delay }
                    ?? false
            }
        }
        #expect((700...800).contains(hit(after: 0)))
        #expect((220...330).contains(hit(after: 45)), "0.75 / e")
        #expect(hit(after: 3600) == 0)
    }
}
