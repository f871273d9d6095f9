import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("The store of launches and their secrets")
struct LaunchStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    @Test("A launch is stored with its secret, and the token is in no file")
    func launches() throws {
        try fixture.store("l1", token: "planted-token", secrets: ["s": "planted-secret"])
        let stored = try #require(try database.launches.open().first)
        #expect(stored == fixture.launch("l1"))
        #expect(
            try database.launches.request(of: stored)?.userData == "{\"securityToken\":\"planted-token\"}")
        #expect(try !fixture.bytes().contains("planted"))
        #expect(throws: StorageError.self) { try fixture.store("l1", token: "another") }
        #expect(try database.secrets.take(token: "another", now: .start) == nil, "nothing of it is stored")
    }

    @Test("The request of a launch is deleted after the response, and the secret after a failure")
    func answered() throws {
        try fixture.store("l1")
        var launch = try #require(try database.launches.open().first)
        launch.state = .submitted
        try database.launches.update([launch])
        #expect(try database.launches.request(of: launch) == nil)
        launch.state = .failed
        launch.endedAt = .start
        try database.launches.update([launch])
        #expect(try database.secrets.take(token: "token", now: .start) == nil)
    }

    @Test(
        "The secret of a launch that EC2 took late is extended, and is not purged before EC2 shows the instance"
    )
    func extended() throws {
        try fixture.store("l1", secrets: ["s": "value"])
        var launch = try #require(try database.launches.open().first)
        let late = launch.secretExpires.plus(minutes: 10)
        try database.secrets.purgeExpired(now: late)
        #expect(try database.secrets.take(token: "token", now: late) == nil, "it is expired")
        launch.state = .visible
        launch.startedAt = late
        launch.secretExpires = late.plus(minutes: 40)
        try database.launches.update([launch])
        #expect(try database.launches.open().first?.secretExpires == late.plus(minutes: 40))
        try database.secrets.purgeExpired(now: late)
        #expect(try database.secrets.take(token: "token", now: late)?.content.secrets == ["s": "value"])
    }

    @Test("One of many concurrent calls fetches the secret, and checks the launch in")
    func once() async throws {
        try fixture.store("l1")
        let path = database.path
        let key = fixture.key
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try ProvisionerDatabase(path: path, key: key, busyTimeout: 60).secrets.take(
                        token: "token", now: .start) != nil
                }
            }
            return try await group.reduce(into: 0) { if $1 { $0 += 1 } }
        }
        #expect(taken == 1)
        #expect(try database.launches.open().first?.checkedInAt == .start)
    }

    @Test("An iteration with an older state does not undo a check-in")
    func checkInStays() throws {
        try fixture.store("l1")
        var launch = try #require(try database.launches.open().first)
        _ = try database.secrets.take(token: "token", now: .start)
        launch.state = .visible
        try database.launches.update([launch])
        #expect(try database.launches.open().first?.checkedInAt == .start)
    }

    @Test(
        "The working time of ended instances excludes boots, failed starts and instances that EC2 does not bill"
    )
    func workingTimes() throws {
        func add(_ id: String, from: Double, checkIn: Double?, to: Double?) throws {
            try fixture.store(id, token: "token-" + id)
            if let checkIn {
                _ = try database.secrets.take(token: "token-" + id, now: .start.plus(minutes: checkIn))
            }
            var launch = fixture.launch(id)
            launch.state = to == nil ? .visible : .ended
            launch.instanceId = "i-" + id
            launch.startedAt = .start.plus(minutes: from)
            launch.endedAt = to.map { .start.plus(minutes: $0) }
            try database.launches.update([launch])
        }
        try add("working", from: 0, checkIn: 15, to: 120)
        try add("failed", from: 0, checkIn: nil, to: 60)
        try add("short", from: 0, checkIn: 0, to: 0.5)
        try add("interrupted", from: 0, checkIn: 6, to: 30)
        try add("running", from: 0, checkIn: 6, to: nil)
        try add("old", from: -100, checkIn: nil, to: -90)
        try database.interruptions.record([
            Interruption(
                instanceId: "i-interrupted", launchId: "interrupted", workerType: "alpha",
                pool: fixture.launch("interrupted").pool, reason: "Server.SpotInstanceTermination",
                at: .start.plus(minutes: 30))
        ])
        let times = try database.launches.workingTimes(of: "alpha", since: .start)
        let time = try #require(times["c5.xlarge"])
        #expect(times.count == 1 && time.instances == 3)
        #expect(abs(time.paidHours - (120 + 60 + 1) / 60) < 1e-9, "EC2 bills at least a minute")
        #expect(abs(time.workingHours - (105 + 0.5) / 60) < 1e-9)
        #expect(try database.launches.workingTimes(of: "beta", since: .start).isEmpty)
        #expect(try database.launches.workingTimes(of: "alpha", since: .start.plus(minutes: 130)).isEmpty)
    }

    @Test("A secret expires")
    func expiry() throws {
        try fixture.store("l1")
        var launch = try #require(try database.launches.open().first)
        launch.state = .visible
        launch.startedAt = .start
        try database.launches.update([launch])
        #expect(try database.secrets.take(token: "token", now: .start.plus(minutes: 40)) == nil)
        try database.secrets.purgeExpired(now: .start.plus(minutes: 41))
        #expect(try database.secrets.take(token: "token", now: .start) == nil)
    }

    @Test("Equal secrets are recognized without opening them")
    func creatingSecrets() throws {
        let content = SecretContent(secrets: ["a": 1], scopes: [])
        let end = Date.start.plus(minutes: 5)
        func create(_ content: SecretContent) throws -> SecretStore.Creation {
            try database.secrets.create(
                token: "t", workerType: "alpha", content: content, expires: end, by: .program, now: .start)
        }
        #expect(try create(content) == .created)
        #expect(try create(content) == .same)
        #expect(try create(SecretContent(secrets: ["a": 2], scopes: [])) == .conflict)
    }

    @Test("A token belongs to the first instance that uses it")
    func instanceStarted() throws {
        try fixture.store("l1")
        let secrets = database.secrets
        #expect(
            try secrets.recordInstanceStarted(token: "token", instanceId: "i-1", now: .start) == .recorded)
        #expect(
            try secrets.recordInstanceStarted(token: "token", instanceId: "i-1", now: .start) == .recorded)
        #expect(
            try secrets.recordInstanceStarted(token: "token", instanceId: "i-2", now: .start)
                == .otherInstance)
        #expect(try secrets.recordInstanceStarted(token: "other", instanceId: "i-1", now: .start) == .unknown)
    }

    @Test("The boot record contains the latest conclusive launches, with any number of open launches")
    func bootRecord() throws {
        for index in 0..<130 { try fixture.store("young\(index)", token: "y\(index)") }
        let old = Launch(
            id: "old", workerType: "alpha", definitionModified: .start, iteration: 1,
            pool: fixture.launch("x").pool, capacity: 1, market: .spot, mode: .runInstances, spotPrice: .zero,
            effectivePrice: .zero, bidPrice: .zero, createdAt: .start.plus(minutes: -60),
            secretExpires: .start.plus(minutes: -20))
        try database.launches.store(
            old,
            request: LaunchRequest(
                clientToken: "old", pool: old.pool, market: .spot, mode: .runInstances, bidPrice: .zero,
                launchSpecification: [:], userData: "", tags: [:], validUntil: .start),
            securityToken: "o", secret: SecretContent(secrets: [:], scopes: []))
        let record = try database.launches.bootRecord(of: "alpha", now: .start.plus(minutes: 1))
        #expect(record.map(\.id).contains("old"))
        #expect(record.count == 2)
    }
}
