import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Launches of an iteration")
struct BuyingTests {
    private static let both = ["us-east-1", "eu-west-1"]

    @Test("An iteration launches the capacity of the pending tasks once")
    func once() async throws {
        let harness = try Harness(
            queue: TestQueue(["alpha": 5]), workerTypes: ["alpha": .sample(regions: Self.both)])
        let first = try await harness.iterate(0)
        #expect(first.count(.launched) == 5)
        #expect(first.outcome == .success)
        #expect(harness.ec2.live.count == 5)
        let second = try await harness.iterate(1)
        #expect(second.bids.isEmpty)
        #expect(second.decision("alpha")?.tally == CapacityTally(running: 0, booting: 5, requested: 0))
        #expect(try harness.database.launches.open().map(\.state) == Array(repeating: .visible, count: 5))
    }

    @Test("A launch has tags, user data, and a token that fetches the secret once")
    func userData() async throws {
        let token = Mutex<String?>(nil)
        let harness = try Harness(
            queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample(secrets: ["password": "hidden"])])
        try await harness.iterate(0)
        let launch = try #require(try harness.database.launches.open().first)
        let instance = try #require(harness.ec2.live.first)
        #expect(
            instance.tags == [
                "Owner": "p", "WorkerType": "p/alpha", "LaunchId": launch.id, "Name": "alpha",
            ])
        #expect(instance.clientToken == launch.id)
        let data = try JSONValue(parsing: Data(harness.ec2.userData(of: instance.id).utf8))
        token.withLock { $0 = data.objectValue?["securityToken"]?.stringValue }
        let held = try #require(token.withLock { $0 })
        #expect(held != launch.id)
        let taken = try harness.database.secrets.take(token: held, now: .start.plus(minutes: 1))
        #expect(taken?.content.secrets == ["password": "hidden"])
        #expect(try harness.database.secrets.take(token: held, now: .start.plus(minutes: 1)) == nil)
        let claiming = try await harness.iterate(2)
        #expect(claiming.decision("alpha")?.tally == CapacityTally(booting: 1, claiming: 1))
        #expect(claiming.bids.isEmpty, "the worker may not have claimed the pending task yet")
        let next = try await harness.iterate(3)
        #expect(next.decision("alpha")?.tally.running == 1)
    }

    @Test("A pool without capacity is held, and the same iteration launches in another pool")
    func reselection() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), call.contains("us-east-1") {
                throw ServiceFailure(
                    kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "none left")
            }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 6]), workerTypes: ["alpha": .sample(regions: Self.both)])
        let first = try await harness.iterate(0)
        #expect(first.count(.launched) == 6)
        #expect(harness.ec2.live.allSatisfy { $0.pool.region == "eu-west-1" })
        let stored = try #require(try harness.database.iterations.explanation(of: "alpha")).decision
        #expect(stored.reselected?.wrappedValue.contains { $0.pool.region == "eu-west-1" } == true)
        let bought = first.bids.filter { $0.outcome == .launched }.map(\.bid)
        #expect(
            bought.count
                == (stored.bids + (stored.reselected?.wrappedValue ?? [])).count { bought.contains($0) })
        let backedOff = try harness.database.holds.all()
        #expect(!backedOff.isEmpty)
        #expect(first.count(.failed) <= 4, "what was under way at the first refusal, and no more")
        harness.queue.set("alpha", 12)
        #expect(try await harness.iterate(1).count(.failed) == 0)
    }

    @Test("On-demand capacity replaces spot at the spot limit, where the worker type allows it")
    func spotLimit() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), call.hasSuffix("spot") {
                throw ServiceFailure(kind: .spotLimit, code: "MaxSpotInstanceCountExceeded", message: "limit")
            }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2, "beta": 2]),
            workerTypes: ["alpha": .sample(canUseOndemand: true), "beta": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.bids.filter { $0.outcome == .launched }.allSatisfy { $0.bid.market == .onDemand })
        #expect(report.bids.filter { $0.outcome == .launched }.map(\.bid.workerType) == ["alpha", "alpha"])
    }

    @Test("A refused definition stops its worker type until it changes, and no other worker type")
    func refusedDefinition() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch broken") {
                throw ServiceFailure(kind: .definition, code: "InvalidAMIID.NotFound", message: "no ami-1")
            }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["broken": 20, "alpha": 2]),
            workerTypes: ["broken": .sample(), "alpha": .sample()])
        let first = try await harness.iterate(0)
        #expect(first.bids.filter { $0.outcome == .launched }.map(\.bid.workerType) == ["alpha", "alpha"])
        #expect(first.count(.failed) <= 4)
        let second = try await harness.iterate(1)
        #expect(second.bids.isEmpty)
        #expect(second.decision("broken")?.problems.first?.text.contains("InvalidAMIID.NotFound") == true)
        _ = try harness.database.workerTypes.update(
            "broken", .sample(maxCapacity: 50), by: .program, now: .start.plus(minutes: 2))
        #expect(try await harness.iterate(2).count(.failed) > 0)
    }

    @Test("A worker type whose instances never check in launches one instance at a time")
    func bootFailures() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 5]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let late = try await harness.iterate(41)
        #expect(late.terminated.count == 5)
        #expect(late.terminated.allSatisfy { $0.reason == .unclaimed })
        #expect(late.count(.launched) == 1)
        let after = try await harness.iterate(42)
        #expect(after.bids.isEmpty)
    }

    @Test("A dry run launches nothing, and reports the planned bids")
    func dryRun() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 3]), workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0, dryRun: true)
        #expect(report.count(.planned) == 3)
        #expect(harness.ec2.live.isEmpty)
        #expect(try harness.database.launches.open().isEmpty)
        #expect(try harness.database.iterations.lastFinished() == nil)
    }

    @Test("An iteration launches nothing after its deadline or a stop")
    func stopped() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 3]), workerTypes: ["alpha": .sample()])
        let late = try await harness.iterate(0, deadline: .start)
        #expect(late.count(.launched) == 0)
        #expect(late.outcome == .partial)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await harness.iterate(1)
        }
        #expect(try await task.value.count(.launched) == 0)
        #expect(harness.ec2.live.isEmpty)
        #expect(try await harness.iterate(2).count(.launched) == 3)
    }

    @Test("An iteration submits at most the limit of launches in a region")
    func submissionLimit() async throws {
        var harness = try Harness(
            queue: TestQueue(["alpha": 50]), workerTypes: ["alpha": .sample()])
        harness.deployment.rules.submissionsPerRegion = 20
        #expect(try await harness.iterate(0).count(.launched) == 20)
        #expect(try await harness.iterate(1).count(.launched) == 20)
        #expect(try await harness.iterate(2).count(.launched) == 10)
    }

    @Test(
        "Another region receives the capacity above a region's limit, unless it is full or costs more than maxPremium allows",
        arguments: [(10.0, 40), (0, 20)])
    func fullRegion(maxPremium: Double, launched: Int) async throws {
        var harness = try Harness(
            queue: TestQueue(["alpha": 50]), workerTypes: ["alpha": .sample(regions: Self.both)])
        harness.deployment.rules.submissionsPerRegion = 20
        harness.deployment.rules.maxPoolShare = 1
        harness.deployment.rules.maxPremium = maxPremium
        let report = try await harness.iterate(0)
        #expect(report.count(.launched) == launched && harness.ec2.live.count == launched)
        let perRegion = Dictionary(grouping: harness.ec2.live, by: \.pool.region).mapValues(\.count)
        #expect(perRegion.values.allSatisfy { $0 == 20 })
        #expect(report.bids.contains { $0.outcome == .skipped && $0.failure?.code == "region-share" })
    }

    @Test("Replacement bids use the submissions that bids of a full pool did not need")
    func placesOfSkippedBids() async throws {
        let full = Mutex<String?>(nil)
        let ec2 = try TestEC2(before: { call in
            guard call.hasPrefix("launch"), let zone = call.split(separator: " ").dropFirst(2).first else {
                return
            }
            let first = full.withLock { full in
                full = full ?? String(zone)
                return full
            }
            if first == String(zone) {
                throw ServiceFailure(
                    kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "none left")
            }
        })
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 20]), workerTypes: ["alpha": .sample()])
        harness.deployment.rules.submissionsPerRegion = 20
        harness.deployment.rules.maxPoolShare = 1
        let report = try await harness.iterate(0)
        let asked = report.count(.failed)
        #expect(asked > 0 && asked < 20)
        #expect(report.count(.launched) == 20 - asked)
    }

    @Test(
        "A launch without the necessary rights ends the launches of its worker type in the region")
    func refusedByRights() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch alpha") {
                throw ServiceFailure(kind: .unauthorized, code: "UnauthorizedOperation", message: "no")
            }
        })
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 50]), workerTypes: ["alpha": .sample(regions: Self.both)])
        harness.deployment.rules.submissionsPerRegion = 20
        harness.deployment.rules.maxPoolShare = 1
        harness.deployment.rules.maxPremium = 10
        let report = try await harness.iterate(0)
        let regions = report.bids.filter { $0.outcome == .failed }.map(\.bid.pool.region)
        #expect(regions.sorted() == Self.both.sorted() && harness.ec2.live.isEmpty)
    }
}
