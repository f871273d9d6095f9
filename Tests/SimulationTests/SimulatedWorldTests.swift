import Domain
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("Simulated world")
struct SimulatedWorldTests {
    private func world(seed: UInt64) -> SimulatedWorld {
        SimulatedWorld(
            ec2: Demonstration.ec2(seed: seed, now: .start),
            tasks: Demonstration.tasks(seed: seed, start: .start),
            interruptions: 0, seed: seed, now: .start
        ) { _, _ in true }
    }

    private func request(_ token: String) -> LaunchRequest {
        LaunchRequest(
            clientToken: token,
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.4xlarge"),
            market: .spot, mode: .runInstances, bidPrice: Price(usd: 5), launchSpecification: [:],
            userData: #"{"securityToken":"t","workerType":"build-linux","capacity":1}"#,
            tags: ["Owner": Demonstration.provisionerId], validUntil: .distantFuture)
    }

    @Test("The worker types of the demonstration are valid")
    func workerTypes() throws {
        for (_, document) in Demonstration.workerTypes { _ = try WorkerTypeDefinition(validating: document) }
    }

    @Test("A seed determines prices and tasks")
    func seeds() throws {
        func prices(_ seed: UInt64) throws -> [SpotPrice] {
            let world = world(seed: seed)
            try world.advance(to: .start.plus(minutes: 60))
            return world.spotPrices(
                region: "us-east-1", instanceTypes: ["c5.4xlarge"], platforms: [.linux], since: .start
            ).prices
        }
        #expect(try prices(1) == prices(1))
        #expect(try prices(1) != prices(2))
        #expect(Demonstration.tasks(seed: 1, start: .start) == Demonstration.tasks(seed: 1, start: .start))
    }

    @Test("A client token launches one instance, and a full pool refuses launches")
    func launching() throws {
        let world = world(seed: 1)
        #expect(try world.launch(request("a")) == world.launch(request("a")))
        var launched = 1
        let failure = #expect(throws: ServiceFailure.self) {
            for index in 0..<100 {
                _ = try world.launch(request("t\(index)"))
                launched += 1
            }
        }
        #expect(failure?.kind == .noCapacity)
        #expect((2...9).contains(launched))
    }

    @Test("A worker boots, runs tasks and ends when idle, and its cost ends with it")
    func life() throws {
        let world = world(seed: 1)
        try world.advance(to: .start.plus(minutes: 2))
        let pending = world.pendingTasks(provisionerId: "", workerType: "build-linux")
        #expect(pending > 0)
        _ = try world.launch(request("a"))
        try world.advance(to: .start.plus(minutes: 6))
        #expect(world.pendingTasks(provisionerId: "", workerType: "build-linux") < pending)
        try world.advance(to: .start.plus(minutes: 60 * 24))
        let account = world.account
        #expect(account.tasksDone > 0)
        #expect(account.costPerHour == 0)
        let cost = account.cost
        try world.advance(to: .start.plus(minutes: 60 * 25))
        #expect(world.account.cost == cost)
    }
}
