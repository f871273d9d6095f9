import Formats
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Domain
@testable import Provisioning
@testable import Simulation

@Suite("Terminations")
struct EndingTests {
    /// Lets the worker of each live instance check in.
    private func checkIn(_ harness: Harness, minute: Double) throws {
        for instance in harness.ec2.live {
            let data = try JSONValue(parsing: Data(harness.ec2.userData(of: instance.id).utf8))
            _ = try harness.database.secrets.take(
                token: data.objectValue?["securityToken"]?.stringValue ?? "",
                now: .start.plus(minutes: minute))
        }
    }

    @Test(
        "A termination is verified: repeated while the instance runs, reported, and recorded until the instance has ended"
    )
    func wouldNotTerminate() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        harness.queue.set("alpha", 0)
        let id = try #require(harness.ec2.live.first?.id)
        harness.ec2.deaf.withLock { $0 = [id] }
        #expect(try await harness.iterate(41).terminated.map(\.id) == [id])
        let asked = try #require(try harness.database.terminations.pending().first)
        #expect(asked.reason == .unclaimed)
        #expect(asked.askedAt == .start.plus(minutes: 41))
        #expect(asked.launchId == (try harness.database.launches.open().first?.id))

        let between = try await harness.iterate(43)
        #expect(between.terminated.isEmpty, "it may still be about to")
        #expect(between.warnings.isEmpty)
        #expect(between.decision("alpha")?.tally.total == 0)

        let again = try await harness.iterate(46)
        #expect(again.terminated.map(\.id) == [id])
        #expect(
            again.warnings.contains {
                $0.contains("\(id) in us-east-1 does not terminate: requested 2 times")
            })
        #expect(try harness.database.terminations.pending().map(\.attempts) == [2])

        harness.ec2.deaf.withLock { $0 = [] }
        try await harness.iterate(52)
        let record = try #require(try harness.database.terminations.pending().first)
        #expect(record.attempts == 3)
        #expect(record.askedAt == .start.plus(minutes: 41))
        try await harness.iterate(53)
        #expect(try harness.database.terminations.pending().isEmpty)
        #expect(try await harness.iterate(60).terminated.isEmpty)
    }

    @Test("A refused termination does not affect the others")
    func unwilling() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 3]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let id = try #require(harness.ec2.live.first?.id)
        harness.ec2.unwilling.withLock {
            $0 = [id: ServiceFailure(kind: .other, code: "OperationNotPermitted", message: "protected")]
        }
        try harness.database.workerTypes.remove("alpha", by: .program, now: .start)
        let report = try await harness.iterate(1)
        #expect(report.terminated.count == 2)
        #expect(report.failures.isEmpty && report.outcome == .success, "the heartbeat is sent")
        #expect(report.warnings.count == 1)
        #expect(report.warnings.allSatisfy { $0.contains(id) && $0.contains("protected") })
        #expect(harness.ec2.live.map(\.id) == [id])
        harness.ec2.unwilling.withLock {
            $0 = [id: ServiceFailure(kind: .notFound, code: "InvalidInstanceID.NotFound", message: "not yet")]
        }
        #expect(try await harness.iterate(2).outcome == .success, "what EC2 does not know yet is no failure")
        harness.ec2.unwilling.withLock { $0 = [:] }
        #expect(try await harness.iterate(3).terminated.map(\.id) == [id])
    }

    @Test("A call contains a thousand instances, and a failed call does not affect the others")
    func batches() async throws {
        let calls = Mutex<[String]>([])
        let ec2 = try TestEC2(before: { call in
            let isSecond = calls.withLock {
                $0.append(call)
                return $0.count == 2
            }
            if isSecond { throw ServiceFailure(kind: .unreachable, code: "cut", message: "cut off") }
        })
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        let terminations = (0..<2300).map { index in
            TerminationPlan.Termination(
                instance: Instance(
                    id: "i-\(index)", pool: pool, imageId: "ami-1", state: .running, launchTime: .start),
                workerType: "alpha", launchId: nil, reason: .maxLife)
        }
        let result = await TerminationExecutor(ec2: ec2).execute(
            terminations: terminations, cancellations: [])
        let sizes = calls.withLock { $0 }
        #expect(
            sizes.sorted() == [
                "terminate us-east-1 1000", "terminate us-east-1 1000", "terminate us-east-1 300",
            ])
        let failed = sizes[1].hasSuffix(" 300") ? 300 : 1000
        #expect(result.terminated.count == 2300 - failed)
        #expect(result.failures.map(\.subject) == [CallSubject(.terminate, "us-east-1")])
    }

    @Test(
        "An instance is terminated after it was stopped for half an hour, unless it runs again and has checked in"
    )
    func stopped() async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 2]),
            workerTypes: ["alpha": .sample(canUseOndemand: true, canUseSpot: false)])
        try await harness.iterate(0)
        try checkIn(harness, minute: 2)
        harness.queue.set("alpha", 0)
        let ids = harness.ec2.live.map(\.id)
        try await harness.iterate(3)
        harness.ec2.change { ec2, _ in ec2.stop([ids[0]]) }
        #expect(try await harness.iterate(10).terminated.isEmpty)
        #expect(try await harness.iterate(39).terminated.isEmpty)
        let report = try await harness.iterate(41)
        #expect(report.terminated.map(\.reason) == [.stopped])
        #expect(report.terminated.map(\.id) == [ids[0]])
        #expect(try await harness.iterate(60 * 24).terminated.isEmpty)
        #expect(harness.ec2.live.map(\.id) == [ids[1]])
    }

    @Test("An interruption counts for its pool, once for each instance")
    func interruptions() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        try await harness.iterate(1)
        try checkIn(harness, minute: 2)
        harness.queue.set("alpha", 0)
        let instances = harness.ec2.live
        harness.ec2.advance(to: .start.plus(minutes: 60))
        harness.ec2.change { ec2, now in
            ec2.terminate([instances[0].id], reason: "Server.SpotInstanceTermination", now: now)
            ec2.terminate([instances[1].id], reason: "Client.InstanceInitiatedShutdown", now: now)
        }
        for minute in [60.0, 61, 62] { try await harness.iterate(minute) }
        #expect(try harness.database.interruptions.instanceIds() == [instances[0].id])
        let rates = try harness.database.interruptions.rates(since: .start, now: .start.plus(minutes: 90))
        #expect(rates[instances[0].pool]?.interruptions == 1)
        #expect(rates.values.reduce(0) { $0 + $1.interruptions } == 1)
        let hours = rates.values.reduce(0) { $0 + $1.instanceHours }
        #expect(abs(hours - 2) < 0.001)
        let holds = try harness.database.holds.all()
        #expect(holds.map(\.subject) == [.pool(instances[0].pool, .spot)])
        #expect(holds.map(\.until) == [.start.plus(minutes: 65)], "held once")
    }

    @Test("An instance that ends before it ran, for lack of capacity, holds its pool")
    func endedAtLaunch() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let instance = try #require(harness.ec2.live.first)
        harness.ec2.change { ec2, now in
            ec2.terminate([instance.id], reason: "Server.InsufficientInstanceCapacity", now: now)
        }
        let report = try await harness.iterate(1)
        #expect(try harness.database.holds.all().map(\.subject) == [.pool(instance.pool, .spot)])
        #expect(report.bids.map(\.outcome) == [.launched])
        #expect(report.bids.allSatisfy { $0.bid.pool != instance.pool })
    }
}
