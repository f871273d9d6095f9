import Domain
import FoundationEssentials
import TestSupport
import Testing

@testable import Simulation

@Suite("Replay")
struct ReplayTests {
    @Test("An instance for one task is launched in the next iteration, and paid until its idle timeout")
    func oneTask() {
        let report = Scenarios.report(Scenarios.make([(10, 100)]))
        // Launch at 60, boot until 120, task until 220, end at 280.
        #expect(report.waiting.longest == 110)
        #expect(abs(report.cost - 220.0 / 3600) < 1e-9)
        #expect(report.launches == 1)
        #expect(abs(report.bootShare - 60.0 / 220) < 1e-9)
        #expect(abs(report.idleShare - 60.0 / 220) < 1e-9)
        #expect(abs(report.bound - report.cost) < 1e-9, "no cost was avoidable")
        #expect(abs(report.workBound - 100.0 / 3600) < 1e-9)
        #expect(abs(report.sameFleetCost - report.cost) < 1e-9)
        #expect(report.unfinished == 0)
    }

    @Test(
        "A task that a booted worker has not claimed yet is bought twice without claimGrace, and once with it",
        arguments: [(0.0, 2), (120, 1)])
    func claimDelay(grace: Double, launches: Int) {
        var scenario = Scenarios.make([(10, 100)])
        scenario.conditions.claimDelay = 60
        // The launch at 60 boots until 110. The iteration at 120 is before the claim at 170.
        scenario.conditions.boot = 50...50
        var rules = ProvisioningRules()
        rules.claimGrace = grace
        let report = SimulationReport(scenario, policy: "least-cost", rules: rules)
        #expect(report.launches == launches)
        #expect(report.waiting.longest == 160)
        #expect(report.unfinished == 0)
    }

    @Test("An idle worker takes the next task at once until its idle timeout")
    func reuse() {
        let soon = Scenarios.report(Scenarios.make([(10, 100), (250, 30)]))
        #expect(soon.launches == 1)
        #expect(soon.waiting.median == 0)
        let late = Scenarios.report(Scenarios.make([(10, 100), (281, 30)]))
        #expect(late.launches == 2)
    }

    @Test("An instance with capacity 4 runs several tasks, and is paid as a whole")
    func capacity() {
        let scenario = Scenarios.make(
            [(10, 100), (10, 100), (10, 100)],
            prices: Scenarios.history([(Scenarios.pool("a", "c5.2xlarge"), [(-3600, 2)])]),
            definition: .sample(types: [("c5.2xlarge", 4, 1)]))
        let report = Scenarios.report(scenario)
        #expect(report.launches == 1)
        #expect(abs(report.cost - 2 * 220.0 / 3600) < 1e-9)
        #expect(abs(report.bound - 0.75 * report.cost) < 1e-9, "a quarter of the capacity was unused")
    }

    @Test("Capacity does not exceed maxCapacity, and tasks start in order of arrival")
    func maxCapacity() {
        let tasks = (0..<5).map { (arrival: Double($0), duration: 100.0) }
        let report = Scenarios.report(Scenarios.make(tasks, definition: .sample(maxCapacity: 1)))
        #expect(report.launches == 1)
        #expect(report.waiting.longest == 120 + 400 - 4)
        #expect(report.tasks == 5)
    }

    @Test("A price above the bid interrupts an instance, and its task starts again")
    func priceRise() {
        let scenario = Scenarios.make(
            [(10, 300)],
            prices: Scenarios.history([(Scenarios.pool("a"), [(-3600, 1), (200, 3)])]),
            definition: .sample(maxPrice: 100))
        let report = Scenarios.report(scenario)
        #expect(report.interruptions == 1)
        #expect(report.launches == 2)
        #expect(report.tasks == 1)
        #expect(abs(report.lostShare - 80.0 / (140 + 420)) < 1e-9)
        #expect(abs(report.cost - 3 * 420.0 / 3600) < 1e-9, "EC2 bills the second instance only")
        #expect(abs(report.bound - report.cost) < 1e-9)
    }

    @Test("An instance that EC2 interrupts after its first hour is billed until then")
    func laterInterruption() {
        let scenario = Scenarios.make(
            [(10, 4000)],
            prices: Scenarios.history([(Scenarios.pool("a"), [(-3600, 1), (3700, 3)])]),
            definition: .sample(maxPrice: 100))
        let report = Scenarios.report(scenario)
        #expect(report.interruptions == 1)
        #expect(abs(report.cost - (3640 * 1 + 3 * (60 + 4000 + 60)) / 3600) < 1e-9)
    }

    @Test("A task that finished on an instance without a bill is not part of the bounds")
    func freeTask() {
        let scenario = Scenarios.make(
            [(10, 100), (250, 1000)],
            prices: Scenarios.history([(Scenarios.pool("a"), [(-3600, 1), (600, 3)])]),
            definition: .sample(maxPrice: 100))
        let report = Scenarios.report(scenario)
        #expect(report.interruptions == 1 && report.launches == 2 && report.tasks == 2)
        #expect(abs(report.cost - 3 * (60.0 + 1000 + 60) / 3600) < 1e-9)
        #expect(abs(report.bound - report.cost) < 1e-9)
        #expect(abs(report.workBound - 1000.0 / 3600) < 1e-9, "at the price on arrival")
    }

    @Test("An interruption rate costs work, and all tasks finish")
    func interruptions() {
        var scenario = Scenarios.random(1)
        let calm = Scenarios.report(scenario)
        scenario.interruptions = InterruptionRates(perHour: 2)
        let rough = Scenarios.report(scenario)
        #expect(rough.interruptions > 100)
        #expect(rough.tasks == calm.tasks)
        #expect(rough.lostShare > 0.05)
        #expect(rough.cost < calm.cost, "EC2 does not bill most instances at this rate")
        #expect(rough.gap >= 0)
    }

    @Test("Without capacity the run ends with unfinished tasks, and holds limit the attempts")
    func noCapacity() throws {
        var scenario = Scenarios.make([(10, 100)])
        let text =
            "kind,trace,nodes,availability_zone,device,gap_seconds,tick,available\navailability,t,1,a,d,60,0,0\n"
        scenario.capacity = try CapacityTraces(csv: Array(text.utf8), source: "c")
        let report = Scenarios.report(scenario)
        #expect(report.launches == 0)
        #expect(report.unfinished == 1)
        #expect((5...20).contains(report.refusals), "\(report.refusals) attempts in a day")
    }

    @Test("Refused capacity is reselected in the same iteration, and bought on demand without spot capacity")
    func refusals() throws {
        var scenario = Scenarios.make(
            [(10, 100), (10, 100)],
            prices: Scenarios.history([
                (Scenarios.pool("a"), [(-3600, 1)]), (Scenarios.pool("b"), [(-3600, 1.1)]),
            ]), definition: .sample(canUseOndemand: true))
        let traces =
            "kind,trace,nodes,availability_zone,device,gap_seconds,tick,available\navailability,t,1,a,d,60,0,0\n"
        scenario.capacity = try CapacityTraces(csv: Array(traces.utf8), source: "c")
        var prices = OnDemandPrices()
        prices[.init("us-east-1", "c5.xlarge")] = Price(usd: 5)
        scenario.onDemand = prices
        let report = Scenarios.report(scenario)
        #expect(report.refusals == 2)
        #expect(report.waiting.longest == 110, "in the same iteration")
        #expect(abs(report.cost - 2 * 5 * 220.0 / 3600) < 1e-9)
    }

    @Test("A busy instance is terminated at the maximum life")
    func maxLife() {
        let tasks = (0..<120).map { _ in (arrival: 10.0, duration: 3600.0) }
        let replay = Scenarios.replay(Scenarios.make(tasks, definition: .sample(maxCapacity: 1)))
        #expect(replay.fleet.instances.count == 2)
        #expect(replay.fleet.done == 120)
        let life = (replay.fleet.instances.first?.endedAt ?? 0) - 60
        #expect(life > 96 * 3600 && life <= 96 * 3600 + 60)
    }

    @Test("The capacity of the replayed fleet equals the production tally", arguments: [0.3, 0.0])
    func tally(rate: Double) {
        var scenario = Scenarios.random(5, shape: .bursts, mixed: true, hours: 3)
        scenario.interruptions = InterruptionRates(perHour: rate)
        for hours in [0.5, 1, 2, 2.9] {
            let replay = Scenarios.replay(scenario)
            let fleet = replay.fleet
            let now = hours * 3600
            // The state of EC2 and the database at that time.
            var instances: [Instance] = []
            var launches: [String: Launch] = [:]
            for (index, instance) in fleet.instances.enumerated()
            where instance.launchedAt <= now && (instance.endedAt ?? .infinity) > now {
                let pool = scenario.prices.series[instance.pool].pool
                instances.append(
                    Instance(
                        id: "\(index)", pool: pool, imageId: "", state: .running, launchTime: .start,
                        tags: Replay.ownership.tags(workerType: "alpha", launchId: "\(index)")))
                let checkedIn = instance.bootedAt.flatMap {
                    $0 <= now ? Date.start.addingTimeInterval($0 - now) : nil
                }
                launches["\(index)"] = FleetTallyLaunch.make(
                    "\(index)", pool: pool, capacity: instance.capacity, checkedIn: checkedIn)
            }
            let state = RegionState(
                region: "", instances: instances, spotRequests: [], availabilityZones: [], fetchedAt: .start)
            let counted = FleetTally(
                Fleet([state], ownership: Replay.ownership), launches: launches,
                workerTypes: scenario.workerTypes, gone: [],
                claimGrace: ProvisioningRules().claimGrace, now: .start)["alpha"]
            let sample = replay.samples.last { $0.time <= now }
            #expect(counted.total > 0)
            #expect(counted.running == sample?.running)
            #expect(counted.booting == sample?.booting)
        }
    }
}

private enum FleetTallyLaunch {
    static func make(_ id: String, pool: Pool, capacity: Int, checkedIn: Date?) -> Launch {
        Launch(
            id: id, workerType: "alpha", definitionModified: .start, iteration: 1, pool: pool,
            capacity: capacity, market: .spot, mode: .runInstances, spotPrice: .zero, effectivePrice: .zero,
            bidPrice: .zero, createdAt: .start, secretExpires: .start.plus(minutes: 40), state: .visible,
            instanceId: id, checkedInAt: checkedIn)
    }
}
