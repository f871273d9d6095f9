import Cryptography
import Domain
import Formats
import Foundation
import Reporting
import Storage
import TestSupport
import Testing

@Suite("The overview")
struct OverviewTests {
    private static let now = Date.start.plus(minutes: 60)
    private static let pool = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")

    private let folder: TemporaryFolder
    private let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
        for name in ["alpha", "beta"] {
            _ = try database.workerTypes.create(
                name, .sample(secrets: ["p": "planted"]), by: .program, now: .start)
        }
    }

    private func overview(_ workerType: String? = nil) throws -> Overview {
        try Overview(database, workerType: workerType, now: Self.now)
    }

    /// An iteration that ended a minute ago.
    private func iterate(
        _ outcome: IterationOutcome, dryRun: Bool = false, minutes: Double = -1,
        summary: IterationSummary = IterationSummary()
    ) throws {
        let id = try database.iterations.begin(dryRun: dryRun, now: Self.now.plus(minutes: minutes))
        try database.iterations.finish(
            id, outcome: outcome, summary: summary, now: Self.now.plus(minutes: minutes))
    }

    /// A launch in the pool that is visible and has an instance.
    private func launch(_ id: String, of workerType: String, market: Market = .spot) throws {
        var launch = Launch(
            id: id, workerType: workerType, definitionModified: .start, iteration: 1, pool: Self.pool,
            capacity: 1, market: market, mode: .runInstances, spotPrice: Price(usd: 0.1),
            effectivePrice: Price(usd: 0.1), bidPrice: Price(usd: 0.2), createdAt: .start,
            secretExpires: Self.now)
        try database.launches.store(
            launch,
            request: LaunchRequest(
                clientToken: id, pool: Self.pool, market: market, mode: .runInstances, bidPrice: .zero,
                launchSpecification: [:], userData: "", tags: [:], validUntil: .start),
            securityToken: id, secret: SecretContent(secrets: [:], scopes: []))
        launch.state = .visible
        launch.instanceId = "i-" + id
        try database.launches.update([launch])
    }

    @Test("has every worker type, or the named one, without its secrets")
    func workerTypes() throws {
        let all = try overview()
        #expect(all.lines.map(\.type.name) == ["alpha", "beta"])
        #expect(all.lines.allSatisfy { $0.hasSecrets && $0.type.definition.secrets.isEmpty })
        #expect(try overview("beta").lines.map(\.type.name) == ["beta"])
        #expect(try overview("gamma").lines.isEmpty)
    }

    @Test("adds up the price of the spot instances, and counts the instances without a known price")
    func spend() throws {
        let price = SpotPrice(pool: Self.pool, price: Price(usd: 0.25), timestamp: .start)
        try database.prices.replace(
            region: "us-east-1", prices: [price], instanceTypes: ["c5.xlarge"], now: Self.now)
        try launch("a", of: "alpha")
        try launch("b", of: "beta")
        try launch("c", of: "beta", market: .onDemand)
        let all = try overview()
        #expect(all.spend.perHour == 0.5)
        #expect(all.spend.unpriced == 1)
        #expect(all.lines.map(\.spend.perHour) == [0.25, 0.25])
        #expect(all.poolsInUse == [PricedPool(Self.pool, .linux)])
    }

    @Test("knows the last iteration that ended and the last success, and no dry run")
    func iterations() throws {
        try iterate(.success, minutes: -9)
        try iterate(.failed, minutes: -5)
        try iterate(.success, dryRun: true, minutes: -1)
        let all = try overview()
        #expect(all.iterations.map(\.dryRun) == [true, false, false])
        #expect(all.lastFinished?.outcome == .failed)
        #expect(all.lastSuccess == Self.now.plus(minutes: -9))
    }

    @Test("has the back-offs that have not ended, and the regions that could not be read")
    func failures() throws {
        for (subject, minutes) in [(HoldSubject.pool(Self.pool, .spot), 5.0), (.region("us-east-1"), 0)] {
            try database.holds.record(
                Hold(
                    subject: subject, until: Self.now.plus(minutes: minutes), failures: 1, code: "c",
                    message: "m", since: .start))
        }
        let failure = ServiceFailure(kind: .throttled, code: "Unavailable", message: "m")
        try database.regions.setFailures(
            [CallSubject(.region, "eu-west-1"): failure, CallSubject(.keyPair, "us-east-1"): failure],
            now: Self.now)
        let all = try overview()
        #expect(all.holds.map(\.subject) == [.pool(Self.pool, .spot)])
        #expect(all.failingRegions == ["eu-west-1"])
    }

    @Test("has the calls of the latest iteration that counted them")
    func calls() throws {
        #expect(try overview().calls == nil)
        var summary = IterationSummary()
        summary.calls = CallStatistics(
            total: .init(calls: 12, retries: 2, throttles: 1, secondsWaited: 1.5), refusedByBudget: 3,
            actions: [
                .init(
                    service: "ec2", action: "RunInstances", region: "us-east-1",
                    counts: .init(calls: 3, retries: 2, throttles: 1)),
                .init(service: "ec2", action: "DescribeInstances", region: "", counts: .init(calls: 9)),
            ], slowed: [.init(service: "ec2", region: "us-east-1", callsAtOnce: 4)])
        try iterate(
            .success, minutes: -3,
            summary: summary)
        summary.calls = CallStatistics(total: .init(calls: 99))
        try iterate(.success, dryRun: true, summary: summary)
        try iterate(.failed)
        #expect(
            try overview().calls?.lines == [
                "calls of iteration 1: 12 calls, 2 retries, 1 throttled, 1.5 s waited, "
                    + "3 not made again: the iteration's retries were used up",
                "ec2 RunInstances us-east-1: 3 calls, 2 retries, 1 throttled",
                "ec2 us-east-1 was slowed down to 4 calls at once",
            ])
    }

    @Test("counts what an iteration did from its report")
    func figures() throws {
        let bid = Bid(
            workerType: "alpha", pool: Self.pool, capacity: 1, market: .spot, spotPrice: .zero,
            effectivePrice: .zero, bidPrice: .zero)
        var summary = IterationSummary()
        summary.bids = [BidResult.Outcome.launched, .failed, .unanswered, .skipped].map {
            .init(bid, $0, launchId: nil, instanceId: nil, spotRequestId: nil, failure: nil)
        }
        let resource = IterationSummary.TerminatedResource(
            id: "i-0123abcd", region: "us-east-1", workerType: "alpha", reason: .surplus)
        summary.terminated = [resource, resource]
        summary.cancelled = [resource]
        summary.failures = [
            .init(subject: CallSubject(.region, "us-east-1"), code: "c", message: "slow"),
            .init(subject: nil, code: "c", message: "no subject"),
        ]
        summary.warnings = ["w"]
        summary.error = "disk full"
        try iterate(.partial, summary: summary)
        let record = try #require(try overview().lastFinished)
        let figures = IterationFigures(record.summary)
        #expect(figures.launched == 1 && figures.refused == 2)
        #expect(figures.terminated == 2 && figures.cancelled == 1)
        #expect(figures.errors == ["region us-east-1: slow", "no subject", "w", "disk full"])
    }
}
