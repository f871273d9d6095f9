import Cryptography
import Domain
import Formats
import Foundation
import Logging
import Provisioning
import Storage
import Synchronization
import TestSupport
import TestTags
import Testing

@testable import Simulation

@Suite(
    "Consistency with an EC2 that shows changes late, skips and repeats items, and loses responses",
    .tags(.slow))
struct ConsistencyTests {
    /// Random bytes from a seed.
    private final class Dice: Sendable {
        private let random: Mutex<SeededRandom>

        init(seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }

        func bytes(_ count: Int) -> [UInt8] { random.withLock { $0.bytes(count) } }
    }

    /// A deployment over hours of virtual time, with workers that check in, or do not, and leave.
    private final class World {
        let folder: TemporaryFolder
        let database: ProvisionerDatabase
        let ec2: EventualEC2
        let queue = TestQueue([:])
        let dice: Dice
        var random: SeededRandom
        var deployment = Deployment(
            ownership: Ownership(provisionerId: "p", keyPrefix: "p:"), regions: ["us-east-1", "eu-west-1"],
            baseUrl: "https://provisioner.test/v1", rootUrl: "https://tc.test")
        let maximum = ["alpha": 12, "beta": 5]
        private var bootsAt: [String: Date] = [:]
        private var zombies: Set<String> = []

        init(seed: UInt64, mode: RequestMode) throws {
            folder = try TemporaryFolder()
            database = try ProvisionerDatabase(
                path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
            // Pools without capacity at times, so that requests stay open and are fulfilled during their cancellation.
            ec2 = EventualEC2(seed: seed, capacity: 1...3)
            dice = Dice(seed: seed &+ 7)
            random = SeededRandom(seed: seed &+ 8)
            deployment.rules.requestMode = mode
            deployment.rules.poolHold = 120
            deployment.rules.longestHold = 120
            let types = [("c5.xlarge", 1, 1.0), ("m5.xlarge", 1, 1.0)]
            let regions = ["us-east-1", "eu-west-1"]
            _ = try database.workerTypes.create(
                "alpha", .sample(minCapacity: 2, maxCapacity: 12, types: types, regions: regions),
                by: .program, now: .start
            )
            _ = try database.workerTypes.create(
                "beta", .sample(maxCapacity: 5, types: types, regions: regions, canUseOndemand: true),
                by: .program, now: .start)
        }

        func iterate(_ minute: Int) async throws {
            let now = Date.start.plus(minutes: Double(minute))
            _ = try await ProvisioningIteration(
                database: database, deployment: deployment, ec2: ec2, queue: queue,
                deadline: .distantFuture, launchesAtOnce: 1, clock: { now },
                random: { [dice] in dice.bytes($0) },
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ).run()
        }

        /// Simulates a minute: instances start, workers check in and leave, EC2 interrupts some instances.
        func pass(to minute: Int, leaving: Double, interruptions: Double) throws {
            let now = Date.start.plus(minutes: Double(minute))
            var leavers: [String] = []
            for instance in ec2.actual.instances where instance.state == .running {
                if bootsAt[instance.id] == nil {
                    bootsAt[instance.id] = now.plus(minutes: 3 * random.fraction())
                    if random.fraction() < 0.1 { zombies.insert(instance.id) }
                }
                if let due = bootsAt[instance.id], due <= now, !zombies.contains(instance.id) {
                    bootsAt[instance.id] = .distantFuture
                    let data = try JSONValue(parsing: Data(ec2.userData(of: instance.id).utf8))
                    _ = try database.secrets.take(
                        token: data.objectValue?["securityToken"]?.stringValue ?? "", now: now)
                } else if bootsAt[instance.id] == .distantFuture, random.fraction() < leaving {
                    leavers.append(instance.id)
                }
            }
            ec2.advance(to: now, interruptions: interruptions) { ec2 in
                ec2.terminate(leavers, reason: "Client.InstanceInitiatedShutdown", now: now)
            }
        }

        /// Checks the invariants after each iteration.
        func check(_ minute: Int) throws {
            let actual = ec2.actual
            let live = actual.instances.filter { !$0.state.isEnding }
            var rows: [String: Launch] = [:]
            for launch in try database.launches.open() {
                rows[launch.id] = launch
                if let id = launch.spotRequestId { rows[id] = launch }
            }
            for request in actual.requests {
                if let id = request.tags[Ownership.Tag.launchId], let row = rows[id] {
                    rows[request.id] = row
                }
            }
            var capacity: [String: Int] = [:]
            for instance in live {
                let row =
                    instance.clientToken.flatMap { rows[$0] } ?? instance.spotRequestId.flatMap { rows[$0] }
                #expect(row != nil, "minute \(minute): \(instance.id) has no open launch")
                capacity[row?.workerType ?? "", default: 0] += 1
            }
            for request in actual.requests where request.state == .open {
                let row = rows[request.id]
                #expect(row != nil, "minute \(minute): \(request.id) has no open launch")
                capacity[row?.workerType ?? "", default: 0] += 1
            }
            for (name, most) in maximum {
                #expect(capacity[name] ?? 0 <= most, "minute \(minute): \(name) passes maxCapacity")
            }
        }
    }

    @Test(
        "No worker type exceeds maxCapacity, no instance is lost, and every launch ends",
        arguments: [UInt64(1), 2], RequestMode.allCases)
    func hundredsOfIterations(seed: UInt64, mode: RequestMode) async throws {
        let world = try World(seed: seed, mode: mode)
        var bought = 0
        for minute in 0..<70 {
            world.queue.set("alpha", Int(world.random.fraction() * 30))
            world.queue.set("beta", Int(world.random.fraction() * 12))
            try await world.iterate(minute)
            try world.check(minute)
            try world.pass(to: minute + 1, leaving: 0.06, interruptions: 0.5)
            bought = max(bought, world.ec2.actual.instances.count)
        }
        #expect(bought > 30, "it does buy")

        // Without pending tasks every instance ends, and every row is final.
        for (name, types) in [("alpha", 12), ("beta", 5)] {
            _ = try world.database.workerTypes.update(
                name, .sample(maxCapacity: types), by: .program, now: .start.plus(minutes: 70))
            world.queue.set(name, 0)
        }
        world.ec2.calm()
        for minute in stride(from: 70, to: 190, by: 5) {
            try await world.iterate(minute)
            try world.check(minute)
            try world.pass(to: minute + 5, leaving: 0.5, interruptions: 0)
        }
        let actual = world.ec2.actual
        #expect(actual.instances.allSatisfy { $0.state == .terminated })
        #expect(actual.requests.allSatisfy { $0.state != .open && $0.state != .active })
        #expect(try world.database.launches.open() == [])
        #expect(try world.database.terminations.pending() == [])
        let interrupted = actual.instances.filter { $0.stateReason == "Server.SpotInstanceTermination" }
            .map(\.id)
        #expect(try world.database.interruptions.instanceIds() == interrupted)
        let rates = try world.database.interruptions.rates(
            since: .start, now: .start.plus(minutes: 190)
        ).values
        #expect(rates.reduce(0) { $0 + $1.interruptions } == interrupted.count)
        #expect(!interrupted.isEmpty)
        #expect(rates.reduce(0) { $0 + $1.instanceHours } > Double(actual.instances.count) / 60)
    }
}
