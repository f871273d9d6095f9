import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Spot requests")
struct SpotRequestTests {
    private func harness(_ ec2: TestEC2, pending: Int = 1) throws -> Harness {
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": pending]), workerTypes: ["alpha": .sample()])
        harness.deployment.rules.requestMode = .requestSpotInstances
        return harness
    }

    @Test("A request that expires unfulfilled ends its launch with EC2's code, and holds its pool")
    func expired() async throws {
        let harness = try harness(try TestEC2(capacity: 0...0))
        try await harness.iterate(0)
        let launch = try #require(try harness.database.launches.open().first)
        harness.queue.set("alpha", 0)
        try await harness.iterate(25)
        let ended = try #require(try harness.database.launches.get([launch.id]).first)
        #expect(ended.state == .ended)
        #expect(ended.errorCode == "schedule-expired")
        let hold = try #require(try harness.database.holds.all().first)
        #expect(hold.subject == .pool(launch.pool, .spot))
        #expect(hold.code == "schedule-expired")
    }

    @Test("A fulfilled request ends the hold of its pool, an open request does not")
    func decayed() async throws {
        let harness = try harness(try TestEC2())
        try await harness.iterate(0)
        let launch = try #require(try harness.database.launches.open().first)
        try harness.database.holds.record(
            Hold(
                subject: .pool(launch.pool, .spot), until: .start.plus(minutes: -1), failures: 4, code: "c",
                message: "m", since: .start))
        try await harness.iterate(1)
        #expect(try harness.database.holds.all().map(\.failures) == [0])
    }

    @Test("Instances of requests and their volumes are tagged when EC2 shows them")
    func tags() async throws {
        let calls = Mutex<[String]>([])
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("createTags") { calls.withLock { $0.append(call) } }
        })
        let harness = try harness(ec2)
        try await harness.iterate(0)
        try await harness.iterate(0.1)
        let instance = try #require(harness.ec2.live.first)
        #expect(instance.state == .pending)
        try await harness.iterate(1)
        try await harness.iterate(2)
        let volume = "vol-" + instance.id.dropFirst(2)
        #expect(
            calls.withLock { $0 } == [
                "createTags \(instance.id) Name,Owner,WorkerType us-east-1",
                "createTags \(instance.id),\(volume) LaunchId,Name,Owner,WorkerType us-east-1",
            ])
    }
}

@Suite("On-demand instances")
struct OnDemandTests {
    private static let types = [("c5.xlarge", 1, 1.0), ("m5.xlarge", 1, 1.0)]
    private static let empty = ServiceFailure(
        kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "none")

    private func harness(
        _ definition: WorkerTypeDefinition, refusing: @escaping @Sendable (String) -> ServiceFailure?
    ) throws -> Harness {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), let failure = refusing(call) { throw failure }
        })
        return try Harness(ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": definition])
    }

    @Test("They are launched in the iteration in which all spot bids were refused, although pools remain")
    func lastRound() async throws {
        let harness = try harness(
            .sample(types: Self.types, regions: ["us-east-1", "eu-west-1"], canUseOndemand: true)
        ) { $0.hasSuffix("spot") ? Self.empty : nil }
        let report = try await harness.iterate(0)
        #expect(report.bids.map(\.bid.market) == [.spot, .spot, .spot, .onDemand])
        #expect(report.bids.map(\.outcome) == [.failed, .failed, .failed, .launched])
        #expect(try harness.database.launches.open().map(\.mode) == [.runInstances])
    }

    @Test("They are launched in the pool without spot capacity, and not in a pool without on-demand capacity")
    func samePool() async throws {
        let harness = try harness(.sample(canUseOndemand: true)) { call in
            call.hasSuffix("spot") || call.contains("us-east-1a") ? Self.empty : nil
        }
        let report = try await harness.iterate(0)
        let launched = try #require(report.bids.first { $0.outcome == .launched })
        #expect(launched.bid.market == .onDemand)
        #expect(launched.bid.pool.availabilityZone == "us-east-1b")
        let subjects = Set(try harness.database.holds.all().map(\.subject))
        #expect(subjects.contains(.pool(launched.bid.pool, .spot)))
        #expect(!subjects.contains(.pool(launched.bid.pool, .onDemand)))
    }

    @Test(
        "They are not launched because spot is too expensive, or where the spot price exceeds maxPrice or maxBid"
    )
    func tooExpensive() async throws {
        var harness = try harness(.sample(maxPrice: 0.01, canUseOndemand: true)) { _ in nil }
        #expect(try await harness.iterate(0).bids.isEmpty)
        _ = try harness.database.workerTypes.update(
            "alpha", .sample(maxPrice: 0.01, canUseOndemand: true, canUseSpot: false), by: .program,
            now: .start)
        #expect(try await harness.iterate(1).bids.isEmpty)
        _ = try harness.database.workerTypes.update(
            "alpha", .sample(canUseOndemand: true, canUseSpot: false), by: .program, now: .start)
        harness.deployment.rules.maxBid = Price(usd: 0.01)
        #expect(try await harness.iterate(2).bids.isEmpty)
        harness.deployment.rules.maxBid = Price(usd: 1)
        #expect(try await harness.iterate(3).count(.launched) == 1)
    }

    @Test("They are launched where spot has no price")
    func noPrice() async throws {
        let harness = try harness(.sample(types: [("x9.large", 1, 1)], canUseOndemand: true)) { _ in nil }
        // The simulated market has no such pool: the test checks the requests.
        let report = try await harness.iterate(0)
        #expect(report.bids.first?.bid.market == .onDemand)
        #expect(report.bids.first?.bid.pool.instanceType == "x9.large")
    }

    @Test("They do not exceed maxCapacity")
    func maxCapacity() async throws {
        let harness = try harness(.sample(maxCapacity: 3, canUseOndemand: true, canUseSpot: false)) { _ in nil
        }
        harness.queue.set("alpha", 50)
        #expect(try await harness.iterate(0).count(.launched) == 3)
        #expect(try await harness.iterate(1).bids.isEmpty)
    }
}
