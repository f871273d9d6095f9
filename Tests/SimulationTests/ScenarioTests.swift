import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@testable import Simulation

@Suite("Input of a replay")
struct ScenarioTests {
    @Test(
        "A generated load has the requested rate, is in order, and is determined by the seed",
        arguments: LoadGenerator.Shape.allCases)
    func loads(shape: LoadGenerator.Shape) {
        let generator = LoadGenerator(shape: shape, tasksPerHour: 200, hours: 48, taskMinutes: 5)
        let counts = (1...5).map { generator.load(workerType: "a", seed: $0).tasks.count }
        let mean = Double(counts.reduce(0, +)) / 5
        #expect((0.75...1.25).contains(mean / 9600), "\(mean)")
        let load = generator.load(workerType: "a", seed: 1)
        #expect(load == generator.load(workerType: "a", seed: 1))
        #expect(load != generator.load(workerType: "a", seed: 2))
        #expect(zip(load.tasks, load.tasks.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        let durations = load.tasks.map(\.duration).sorted()
        #expect((240...360).contains(durations[durations.count / 2]))
    }

    @Test("The peaks of the shapes differ")
    func shapes() {
        func busiestMinute(_ shape: LoadGenerator.Shape) -> Int {
            let load = LoadGenerator(shape: shape, tasksPerHour: 200, hours: 48, taskMinutes: 5)
                .load(workerType: "a", seed: 1)
            return Dictionary(grouping: load.tasks) { Int($0.arrival / 60) }.values.map(\.count).max() ?? 0
        }
        #expect(busiestMinute(.steady) < busiestMinute(.diurnal) + 8)
        #expect(busiestMinute(.bursts) > 100)
        #expect(busiestMinute(.pushStorm) > 4 * busiestMinute(.steady))
    }

    @Test("Generated prices are determined by the seed, and most of them change")
    func prices() {
        let made = PriceGenerator(days: 5).prices(from: 0, seed: 1)
        #expect(made == PriceGenerator(days: 5).prices(from: 0, seed: 1))
        #expect(made != PriceGenerator(days: 5).prices(from: 0, seed: 2))
        let history = PriceHistory(made)
        #expect(history.zones.mapValues(\.count) == ["us-east-1": 6, "eu-west-1": 3])
        #expect(history.series.count > 250)
        #expect(history.series.count { Set($0.usd).count > 3 } > history.series.count * 3 / 4)
    }

    @Test("Events are ordered by time; events of the same time keep the order in which they were added")
    func events() {
        var random = SeededRandom(seed: 1)
        var queue = EventQueue()
        var times: [(Double, Int)] = []
        for number in 0..<500 {
            let time = Double(Int.random(in: 0..<50, using: &random))
            queue.add(.interrupted(instance: number), at: time)
            times.append((time, number))
        }
        times.sort { $0 < $1 }
        for (time, number) in times {
            guard let next = queue.removeFirst(), case .interrupted(let instance) = next.event else {
                Issue.record("an event is missing")
                return
            }
            #expect(next.time == time && instance == number)
        }
        #expect(queue.removeFirst() == nil)
    }

    @Test("A band becomes the rate that interrupts its share of instances in a month")
    func bands() throws {
        let text =
            "region,instance_type,product,interruption_range\nus-east-1,c5.xlarge,Linux/UNIX,5-10%\n"
            + "us-east-1,m5.xlarge,Windows,>20%\n"
        let rates = try InterruptionRates(csv: Array(text.utf8), source: "i", perHour: 0.01)
        #expect(abs(rates.perHour(Scenarios.pool("a")) - 0.0779615 / 730) < 1e-8)
        #expect(rates.perHour(Scenarios.pool("a", "m5.xlarge")) == 0.01)
    }

    @Test("A trace gives the available share and the losses, and repeats at its end")
    func traces() throws {
        let text =
            "kind,trace,nodes,availability_zone,device,gap_seconds,tick,available\npreemption,t,4,a,d,10,0,4\n"
            + "preemption,t,4,a,d,10,3,1\npreemption,t,4,a,d,10,5,4\npreemption,t,4,a,d,10,9,4\n"
        let traces = try CapacityTraces(csv: Array(text.utf8), source: "c")
        let trace = try #require(traces.preemption.first)
        #expect(traces.availability.isEmpty)
        #expect([0, 29, 30, 49, 50, 99].map { trace.share(at: $0) } == [1, 1, 0.25, 0.25, 1, 1])
        var random = SeededRandom(seed: 4)
        let placed = try #require(PlacedTrace([trace], &random))
        var time = 0.0
        var losses: [Double] = []
        for _ in 0..<5 {
            let loss = try #require(placed.nextLoss(after: time))
            #expect(loss.share == 0.75)
            #expect(placed.share(at: loss.time + 0.001) == 0.25)
            losses.append(loss.time)
            time = loss.time
        }
        #expect(zip(losses, losses.dropFirst()).allSatisfy { abs($1 - $0 - 100) < 1e-6 })
    }
}

private func < (left: (Double, Int), right: (Double, Int)) -> Bool {
    left.0 == right.0 ? left.1 < right.1 : left.0 < right.0
}
