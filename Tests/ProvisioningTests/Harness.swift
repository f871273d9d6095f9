import Cryptography
import Domain
import Formats
import Foundation
import HTTPTransport
import Logging
import Provisioning
import Storage
import Synchronization
import TestSupport

@testable import Simulation

/// A simulated EC2 with failures, hidden instances, and a state that outlives a killed process.
final class TestEC2: EC2Service {
    fileprivate let simulated: Mutex<SimulatedEC2>
    /// Receives each call, such as `launch alpha us-east-1a`, before it takes effect. Its error is the failure of the call.
    let before: @Sendable (String) async throws -> Void
    /// Receives each launch after it took effect. Its error replaces the response.
    let afterLaunch: @Sendable () async throws -> Void
    private let hidden = Mutex(false)
    fileprivate let clock = Mutex(Date.start)
    /// The file with the state, which outlives the process.
    private let file: String?

    init(
        file: String? = nil, capacity: ClosedRange<Int> = 1000...1000,
        before: @escaping @Sendable (String) async throws -> Void = { _ in },
        afterLaunch: @escaping @Sendable () async throws -> Void = {}
    ) throws {
        let zones = [
            "us-east-1": ["us-east-1a", "us-east-1b"], "eu-west-1": ["eu-west-1a", "eu-west-1b"],
        ]
        let market = SpotMarket(
            zones: zones, prices: ["c5.xlarge": 0.1, "m5.xlarge": 0.12], capacity: capacity, seed: 1,
            now: .start)
        simulated = Mutex(SimulatedEC2(zones: zones, market: market, seed: 2))
        self.file = file
        self.before = before
        self.afterLaunch = afterLaunch
        if let file, let data = FileManager.default.contents(atPath: file) {
            let stored = try JSONDecoder().decode(SimulatedEC2.self, from: data)
            simulated.withLock { $0 = stored }
        }
    }

    /// The instances that are not terminated.
    var live: [Instance] {
        simulated.withLock { $0.instances.filter { $0.state != .terminated } }
    }

    func advance(to now: Date) {
        let earlier = clock.withLock { clock in
            defer { clock = now }
            return clock
        }
        simulated.withLock { $0.advance(from: earlier, to: now, interruptions: 0) }
    }

    /// The number of price records without a usable price, by region.
    let unusablePrices = Mutex<[String: Int]>([:])
    /// Instances that EC2 refuses to terminate, with the failure.
    let unwilling = Mutex<[String: ServiceFailure]>([:])
    /// Instances that do not terminate although EC2 accepted the call.
    let deaf = Mutex<Set<String>>([])

    /// Changes the state, as other users and EC2 do.
    func change(_ body: (inout SimulatedEC2, _ now: Date) -> Void) {
        let now = clock.withLock { $0 }
        simulated.withLock { body(&$0, now) }
    }

    /// Seconds by which EC2's clock is behind the clock of the iteration.
    let clockDelay = Mutex<TimeInterval>(0)

    /// Whether instances are not listed, as for some time after a launch.
    func hide(_ hide: Bool) { hidden.withLock { $0 = hide } }

    func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState {
        try await before("regionState \(region)")
        var state = try simulated.withLock { try $0.regionState(region, ownership: ownership, now: now) }
        state.respondedAt = now.addingTimeInterval(-clockDelay.withLock { $0 })
        if hidden.withLock({ $0 }) {
            state.instances = []
            state.spotRequests = []
        }
        // Volumes are known once an instance runs.
        for index in state.instances.indices
        where state.instances[index].state == .running && state.instances[index].tags["LaunchId"] == nil {
            state.instances[index].volumeIds = ["vol-" + state.instances[index].id.dropFirst(2)]
        }
        return state
    }

    /// The platform details of images; `Linux/UNIX` for other images, and nil for images that EC2 does not know.
    let platformDetails = Mutex<[String: String?]>([:])
    /// The factors of the prices of instance types, by platform.
    let priceFactors = Mutex<[ImagePlatform: [String: Double]]>([:])

    /// Receives each launch before it takes effect. Its error is the failure of the call.
    let beforeLaunch = Mutex<@Sendable (LaunchRequest) throws -> Void>({ _ in })

    /// The subnets of us-east-1.
    let subnets = Mutex<[Subnet]>([])

    func subnets(region: String) async throws -> [Subnet] {
        try await before("subnets \(region)")
        return region == "us-east-1" ? subnets.withLock { $0 } : []
    }

    func images(_ ids: [String], region: String) async throws -> [MachineImage] {
        try await before("images \(region) \(ids.joined(separator: " "))")
        let details = platformDetails.withLock { $0 }
        return ids.compactMap { id in
            (details[id] ?? "Linux/UNIX").map { MachineImage(id: id, platformDetails: $0) }
        }
    }

    func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) async throws -> SpotPriceHistory {
        try await before("spotPrices \(region)")
        let factors = priceFactors.withLock { $0 }
        let prices = simulated.withLock {
            $0.market.spotPrices(
                region: region, instanceTypes: Set(instanceTypes), platforms: platforms)
        }
        return SpotPriceHistory(
            prices.map { price in
                SpotPrice(
                    pool: price.pool, platform: price.platform,
                    price: price.price.multiplied(
                        by: factors[price.platform]?[price.pool.instanceType] ?? 1),
                    timestamp: price.timestamp)
            },
            unusable: unusablePrices.withLock { $0[region] ?? 0 })
    }

    func launch(_ request: LaunchRequest, isRetried: Bool) async throws -> LaunchResponse {
        let name = request.tags["Name"] ?? ""
        try await before("launch \(name) \(request.pool.availabilityZone) \(request.market.rawValue)")
        try beforeLaunch.withLock { $0 }(request)
        let now = clock.withLock { $0 }
        let answer = try simulated.withLock { simulated in
            let answer = try simulated.launch(request, now: now)
            if let file {
                try JSONEncoder().encode(simulated).write(to: URL(filePath: file), options: .atomic)
            }
            return answer
        }
        try await afterLaunch()
        return answer
    }

    func instances(_ ids: [String], region: String) async throws -> [Instance] {
        try await before("instances \(region)")
        if hidden.withLock({ $0 }) { return [] }
        return simulated.withLock { simulated in simulated.instances.filter { ids.contains($0.id) } }
    }

    func spotRequests(_ ids: [String], region: String) async throws -> [SpotRequest] {
        try await before("spotRequests \(region)")
        if hidden.withLock({ $0 }) { return [] }
        return simulated.withLock { $0.spotRequests(ids) }
    }

    func cancelSpotRequests(_ ids: [String], region: String) async throws -> [String: ServiceFailure] {
        try await before("cancel \(region)")
        simulated.withLock { $0.cancel(ids) }
        return [:]
    }

    func terminateInstances(_ ids: [String], region: String) async throws -> [String: ServiceFailure] {
        try await before("terminate \(region) \(ids.count)")
        let refused = unwilling.withLock { unwilling in unwilling.filter { ids.contains($0.key) } }
        let now = clock.withLock { $0 }
        let deaf = deaf.withLock { $0 }
        simulated.withLock { $0.terminate(ids.filter { refused[$0] == nil && !deaf.contains($0) }, now: now) }
        return refused
    }

    func createTags(_ tags: [String: String], on ids: [String], region: String) async throws {
        try await before(
            "createTags \(ids.joined(separator: ",")) \(tags.keys.sorted().joined(separator: ",")) \(region)")
        simulated.withLock { $0.tag(ids, tags) }
    }

    func ensureKeyPair(named name: String, publicKey: String, region: String) async throws {
        try await before("ensureKeyPair \(region)")
    }
}

/// A Queue with the pending tasks of a test.
final class TestQueue: TaskQueue {
    private let pending: Mutex<[String: Int]>
    let before: @Sendable (String) async throws -> Void

    init(_ pending: [String: Int], before: @escaping @Sendable (String) async throws -> Void = { _ in }) {
        self.pending = Mutex(pending)
        self.before = before
    }

    /// The claimed tasks of the worker types for which the Queue reports them.
    let claimed = Mutex<[String: Int]>([:])

    func taskCounts(provisionerId: String, workerType: String) async throws -> TaskCounts? {
        guard let claimed = claimed.withLock({ $0[workerType] }) else {
            try await before("counts \(workerType)")
            return nil
        }
        return TaskCounts(
            pending: try await pendingTasks(provisionerId: provisionerId, workerType: workerType),
            claimed: claimed)
    }

    func set(_ workerType: String, _ count: Int) { pending.withLock { $0[workerType] = count } }

    func pendingTasks(provisionerId: String, workerType: String) async throws -> Int {
        try await before(workerType)
        return pending.withLock { $0[workerType] ?? 0 }
    }
}

/// A database, a deployment and the services around it.
struct Harness {
    let folder: TemporaryFolder
    let database: ProvisionerDatabase
    let ec2: TestEC2
    let queue: TestQueue
    /// The SSM parameters; nil for tests without them.
    var parameters: (any ParameterService)?
    /// The interruption queue; nil for tests without one.
    var interruptions: (any InterruptionSource)?
    var deployment = Deployment(
        ownership: Ownership(provisionerId: "p", keyPrefix: "p:"), regions: ["us-east-1", "eu-west-1"],
        baseUrl: "https://provisioner.test/v1", rootUrl: "https://tc.test")

    init(ec2: TestEC2? = nil, queue: TestQueue, workerTypes: [String: WorkerTypeDefinition]) throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
        self.ec2 = try ec2 ?? TestEC2()
        self.queue = queue
        for (name, definition) in workerTypes.sorted(by: { $0.key < $1.key }) {
            _ = try database.workerTypes.create(name, definition, by: .program, now: .start)
        }
    }

    /// Runs one iteration at a time in minutes after the start.
    @discardableResult
    func iterate(
        _ minute: Double, dryRun: Bool = false, deadline: Date = .distantFuture,
        calls: @escaping @Sendable () -> TransportStatistics = { TransportStatistics() }
    ) async throws -> IterationReport {
        let now = Date.start.plus(minutes: minute)
        ec2.advance(to: now)
        return try await ProvisioningIteration(
            database: database, deployment: deployment, ec2: ec2, queue: queue,
            parameters: parameters, interruptions: interruptions, calls: calls, deadline: deadline,
            dryRun: dryRun, clock: { now },
            random: { try SecureRandom.bytes($0) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
    }
}

extension IterationReport {
    func count(_ outcome: BidResult.Outcome) -> Int { bids.count { $0.outcome == outcome } }

    func decision(_ workerType: String) -> WorkerTypeDecision? {
        decisions.first { $0.workerType == workerType }
    }
}

extension TestEC2 {
    /// Launches an instance with the tags of another instance's worker type, and without a launch row.
    func launchForeign(_ id: String, like instance: Instance) throws {
        let now = clock.withLock { $0 }
        _ = try simulated.withLock { simulated in
            try simulated.launch(
                LaunchRequest(
                    clientToken: id, pool: instance.pool, market: .spot, mode: .runInstances,
                    bidPrice: Price(usd: 1), launchSpecification: [:], userData: "{}",
                    tags: instance.tags.merging(["LaunchId": id]) { _, new in new }, validUntil: now),
                now: now)
        }
    }

    /// The user data of an instance.
    func userData(of id: String) -> String { simulated.withLock { $0.started[id]?.userData ?? "" } }
}
