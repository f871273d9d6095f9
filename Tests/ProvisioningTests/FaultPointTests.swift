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

@Suite("A killed process", .tags(.slow), .serialized)
struct FaultPointTests {
    static let pending = 3
    /// The steps of each launch: random numbers for its id and its token, before the call of EC2, after its effect.
    static let steps = pending * 4

    /// Counts the steps of submission, and kills the process at one of them.
    final class Reaper: Sendable {
        private let left: Mutex<Int>

        init(at step: Int) { left = Mutex(step) }

        func step() {
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isLast { kill(getpid(), SIGKILL) }
        }
    }

    static func iterate(folder: String, key: String, minute: Double, reaper: Reaper) async throws {
        let database = try ProvisionerDatabase(
            path: folder + "/p.sqlite", key: try EncryptionKey(base64: key), create: true)
        _ = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        let ec2 = try TestEC2(
            file: folder + "/ec2.json",
            before: { call in if call.hasPrefix("launch") { reaper.step() } }, afterLaunch: { reaper.step() })
        let now = Date.start.plus(minutes: minute)
        ec2.advance(to: now)
        let lock = try IterationLock(database: database.path, now: now)
        _ = try await ProvisioningIteration(
            database: database,
            deployment: Deployment(
                ownership: Ownership(provisionerId: "p", keyPrefix: "p:"), regions: ["us-east-1"],
                baseUrl: "https://provisioner.test/v1", rootUrl: "https://tc.test"), ec2: ec2,
            queue: TestQueue(["alpha": pending]), deadline: .distantFuture, clock: { now },
            random: { count in
                reaper.step()
                return try SecureRandom.bytes(count)
            }, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        _ = consume lock
    }

    @Test("A kill at any step of submission neither loses nor repeats a launch", arguments: 1...steps)
    func killed(step: Int) async throws {
        let folder = try TemporaryFolder()
        let path: String = folder.path
        let key = try EncryptionKey().base64
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, key = key as String, step = step as Int] in
            try await FaultPointTests.iterate(folder: path, key: key, minute: 0, reaper: Reaper(at: step))
        }
        try await Self.iterate(folder: path, key: key, minute: 1, reaper: Reaper(at: 0))
        try await Self.iterate(folder: path, key: key, minute: 2, reaper: Reaper(at: 0))

        let instances = try TestEC2(file: path + "/ec2.json").live
        let launches = try ProvisionerDatabase(
            path: path + "/p.sqlite", key: try EncryptionKey(base64: key)
        ).launches.open()
        #expect(instances.count == Self.pending)
        #expect(launches.count == Self.pending)
        #expect(Set(launches.map(\.id)) == Set(instances.compactMap(\.clientToken)))
        #expect(Set(launches.compactMap(\.instanceId)) == Set(instances.map(\.id)))
        #expect(launches.allSatisfy { $0.state == .visible })
    }
}
