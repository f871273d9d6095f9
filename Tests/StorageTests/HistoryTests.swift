import Cryptography
import Domain
import Formats
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import Domain

@Suite("History")
struct HistoryTests {
    private let folder: TemporaryFolder
    private let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
    }

    private func record(running: Int, pending: Int? = 0, at: Date) throws {
        try database.history.record([
            .sample(pendingTasks: pending, tally: CapacityTally(running: running), at: at)
        ])
    }

    private func running(since: Date = .distantPast, of name: String = "alpha") throws -> [Int] {
        try database.history.capacities(of: name, since: since).map(\.tally.running)
    }

    @Test("A capacity is stored when it changed, and once an hour")
    func changes() throws {
        for minute in 0..<130 {
            try record(running: minute < 5 ? 1 : 2, at: .start.plus(minutes: Double(minute)))
        }
        let points = try database.history.capacities(of: "alpha", since: .distantPast)
        #expect(points.map(\.tally.running) == [1, 2, 2, 2])
        #expect(points.map(\.at) == [0, 5, 65, 125].map { Date.start.plus(minutes: $0) })
    }

    @Test("No response of the Queue differs from no pending tasks")
    func unknownTasks() throws {
        try record(running: 1, pending: nil, at: .start)
        try record(running: 1, pending: 0, at: .start.plus(minutes: 1))
        #expect(
            try database.history.capacities(of: "alpha", since: .distantPast).map(\.pendingTasks) == [nil, 0])
    }

    @Test("The sum of all worker types is stored")
    func sum() throws {
        try database.history.record([
            .sample(
                .sample("a"), pendingTasks: 3, tally: CapacityTally(running: 1, booting: 2, requested: 3)),
            .sample(
                .sample("b"), pendingTasks: nil, tally: CapacityTally(running: 10, booting: 20, requested: 30)
            ),
        ])
        let point = try #require(
            try database.history.capacities(of: HistoryStore.all, since: .distantPast).first)
        #expect(point.tally == CapacityTally(running: 11, booting: 22, requested: 33))
        #expect(point.pendingTasks == 3)
    }

    @Test("A range includes the last value before it")
    func beginOfStretch() throws {
        try record(running: 1, at: .start)
        try record(running: 2, at: .start.plus(minutes: 10))
        try record(running: 3, at: .start.plus(minutes: 20))
        #expect(try running(since: .start.plus(minutes: 15)) == [2, 3])
        #expect(try running(since: .start.plus(minutes: 20)) == [3])
        #expect(try running(since: .start.plus(minutes: 99)) == [3])
        #expect(try running(since: .start.plus(minutes: -9)) == [1, 2, 3])
        #expect(try running(of: "unknown").isEmpty)
    }

    @Test("Capacities are thinned after two days to one each quarter of an hour, and deleted after thirty")
    func thinning() throws {
        let begin = Date(timeIntervalSince1970: 1_700_000_100)  // A quarter of an hour begins.
        for minute in 0..<60 { try record(running: minute, at: begin.plus(minutes: Double(minute))) }
        try database.history.purge(now: begin.plus(minutes: 2 * 1440))
        #expect(try running().count == 60, "nothing is older than two days yet")
        try database.history.purge(now: begin.plus(minutes: 2 * 1440 + 30))
        #expect(try running() == [14, 29] + Array(30..<60))
        try database.history.purge(now: begin.plus(minutes: 2 * 1440 + 120))
        #expect(try running() == [14, 29, 44, 59])
        try database.history.purge(now: begin.plus(minutes: 30 * 1440 + 30))
        #expect(try running() == [44, 59])
    }

    @Test("A price is stored when it changed, and the last price of a pool stays")
    func prices() throws {
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        func fetch(_ usd: Double, minute: Double) throws {
            try database.prices.replace(
                region: "us-east-1",
                prices: [SpotPrice(pool: pool, price: Price(usd: usd), timestamp: .start)],
                instanceTypes: ["c5.xlarge"], now: .start.plus(minutes: minute))
        }
        for (minute, usd) in [(0.0, 0.1), (5, 0.1), (10, 0.2), (15, 0.1)] { try fetch(usd, minute: minute) }
        func kept() throws -> [PricePointText] {
            try database.history.prices(of: pool, since: .distantPast).map {
                "\($0.at.timeIntervalSince(.start) / 60) \($0.price.usd)"
            }
        }
        #expect(try kept() == ["0.0 0.1", "10.0 0.2", "15.0 0.1"])
        #expect(try database.history.prices(of: pool, since: .start.plus(minutes: 12)).count == 2)
        try database.history.purge(now: .start.plus(minutes: 31 * 1440))
        #expect(try kept() == ["15.0 0.1"])
    }

    @Test("Prices of two platforms of a pool are kept apart")
    func platforms() throws {
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        func fetch(_ prices: [(ImagePlatform, Double)], minute: Double) throws {
            try database.prices.replace(
                region: "us-east-1",
                prices: prices.map {
                    SpotPrice(pool: pool, platform: $0, price: Price(usd: $1), timestamp: .start)
                }, instanceTypes: ["c5.xlarge"], platforms: Set(prices.map(\.0)),
                now: .start.plus(minutes: minute))
        }
        func history(_ platform: ImagePlatform) throws -> [Double] {
            try database.history.prices(of: pool, for: platform, since: .distantPast).map(\.price.usd)
        }
        try fetch([(.linux, 0.1), (.windows, 0.3)], minute: 0)
        try fetch([(.linux, 0.1), (.windows, 0.4)], minute: 5)
        #expect(try history(.linux) == [0.1])
        #expect(try history(.windows) == [0.3, 0.4])
        #expect(try database.prices.all().map(\.price.usd).sorted() == [0.1, 0.4])
        #expect(try database.prices.fetches()["us-east-1"]?.platforms == [.linux, .windows])
        try fetch([(.linux, 0.1)], minute: 10)
        #expect(try database.prices.all().map(\.platform) == [.linux])
        try database.history.purge(now: .start.plus(minutes: 31 * 1440))
        #expect(try history(.linux) == [0.1])
        #expect(try history(.windows) == [0.4])
    }

    @Test("Summaries of decisions omit pools and bids, and nothing else")
    func summaries() throws {
        let decision = WorkerTypeDecision.sample(
            .sample("alpha"), pendingTasks: 5, tally: CapacityTally(running: 2, booting: 1))
        try database.iterations.record([decision], iteration: 1)
        let stored = try #require(try database.iterations.explanation(of: "alpha")?.decision)
        #expect(stored == decision && stored.choice != nil)
        var expected = stored
        expected.choice = nil
        #expect(try database.iterations.summaries() == [expected])
    }

    private typealias PricePointText = String
}

@Suite("Counters")
struct CounterTests {
    private let folder: TemporaryFolder
    private let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
    }

    private var counts: [String: Int] {
        get throws {
            Dictionary(
                uniqueKeysWithValues: try database.counters.all().map {
                    ("\($0.name.rawValue) \($0.workerType) \($0.detail)", $0.value)
                })
        }
    }

    private func launch(_ id: String) throws -> Launch {
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        let launch = Launch(
            id: id, workerType: "alpha", definitionModified: .start, iteration: 1, pool: pool, capacity: 1,
            market: .spot, mode: .runInstances, spotPrice: .zero, effectivePrice: .zero, bidPrice: .zero,
            createdAt: .start, secretExpires: .start.plus(minutes: 40))
        try database.launches.store(
            launch,
            request: LaunchRequest(
                clientToken: id, pool: pool, market: .spot, mode: .runInstances, bidPrice: .zero,
                launchSpecification: [:], userData: "{}", tags: [:], validUntil: .start),
            securityToken: "token of \(id)", secret: SecretContent(secrets: [:], scopes: []))
        return launch
    }

    private func end(_ launch: Launch, _ state: Launch.State, _ code: String?, instance: String? = "i-1")
        throws
    {
        var launch = launch
        launch.state = state
        launch.errorCode = code
        launch.instanceId = instance
        launch.endedAt = .start
        try database.launches.update([launch])
    }

    @Test("A launch counts when it is stored, and its failure once")
    func launches() throws {
        let refused = try launch("l1")
        try end(refused, .failed, "InsufficientInstanceCapacity", instance: nil)
        try end(refused, .failed, "InsufficientInstanceCapacity", instance: nil)
        try end(try launch("l2"), .lost, nil, instance: nil)
        try end(try launch("l3"), .ended, "price-too-low", instance: nil)
        #expect(
            try counts == [
                "launches alpha spot": 3, "launch_failures alpha InsufficientInstanceCapacity": 1,
                "launch_failures alpha unknown": 1,
            ])
    }

    @Test(
        "Each row of the table of interruptions counts, and nothing else",
        arguments: [
            ("Server.SpotInstanceTermination", 1), ("instance-terminated-by-price", 1),
            ("instance-stopped-no-capacity", 1), ("instance-terminated-by-schedule", 0),
            ("instance-terminated-by-service", 0), ("instance-terminated-by-user", 0),
            ("Client.InstanceInitiatedShutdown", 0),
        ])
    func interruptions(code: String, count: Int) throws {
        var launch = try launch("l1")
        launch.state = .visible
        launch.instanceId = "i-1"
        try database.launches.update([launch])
        let instance = Instance(
            id: "i-1", pool: launch.pool, imageId: "ami-1", state: .terminated, launchTime: .start,
            spotRequestId: "sir-1", stateReason: code.contains(".") ? code : nil, tags: ["LaunchId": "l1"])
        let request = SpotRequest(
            id: "sir-1", region: launch.pool.region, availabilityZone: launch.pool.availabilityZone,
            instanceType: launch.pool.instanceType, imageId: "ami-1", state: .closed,
            statusCode: code.contains(".") ? "fulfilled" : code, createTime: .start, instanceId: "i-1",
            tags: ["LaunchId": "l1"])
        // Two iterations see the same end.
        for minute in [1.0, 2] {
            let state = RegionState(
                region: launch.pool.region, instances: [instance], spotRequests: [request],
                availabilityZones: [], fetchedAt: .start)
            let reconciliation = Reconciliation(
                launches: [launch], states: [state], now: .start.plus(minutes: minute),
                rules: ProvisioningRules())
            try database.interruptions.record(reconciliation.interruptions)
            try database.launches.update(reconciliation.updates)
        }
        #expect(try database.interruptions.instanceIds().count == count)
        #expect(try counts["interruptions alpha "] ?? 0 == count)
    }

    @Test("A purge of rows does not change the counters")
    func purged() throws {
        try end(try launch("l1"), .failed, "X", instance: nil)
        try database.launches.purge(endedBefore: .start.plus(minutes: 1))
        #expect(try database.launches.latest(5, of: "alpha").isEmpty)
        #expect(try counts == ["launches alpha spot": 1, "launch_failures alpha X": 1])
    }

    @Test("Iterations count by outcome, without dry runs")
    func iterations() throws {
        for (outcome, dryRun) in [
            (IterationOutcome.success, false), (.partial, false), (.success, true), (.success, false),
        ] {
            let id = try database.iterations.begin(dryRun: dryRun, now: .start)
            try database.iterations.finish(id, outcome: outcome, summary: IterationSummary(), now: .start)
        }
        _ = try database.iterations.begin(dryRun: false, now: .start)
        #expect(try counts == ["iterations  success": 2, "iterations  partial": 1])
        #expect(try database.iterations.lastFinished(outcome: .success)?.id == 4)
        #expect(try database.iterations.lastFinished(outcome: .failed) == nil)
    }

    @Test("Added events count")
    func count() throws {
        try database.counters.add(
            .terminations, [("alpha", "older than max life"), ("alpha", "older than max life")])
        try database.counters.add(.cancellations, [])
        #expect(try counts == ["terminations alpha older than max life": 2])
    }
}
