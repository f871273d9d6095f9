import Cryptography
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("The database")
struct DatabaseTests {
    private let folder: TemporaryFolder
    private let key: EncryptionKey
    private let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        key = try EncryptionKey()
        database = try ProvisionerDatabase(path: folder.file("p.sqlite"), key: key, create: true)
    }

    /// Every byte of the database's files.
    private func bytes() throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).map { name in
            String(
                decoding: FileManager.default.contents(atPath: folder.file(name)) ?? Data(),
                as: Unicode.ASCII.self)
        }.joined()
    }

    private func store(
        _ id: String, token: String = "token", workerType: String = "alpha", secrets: JSONObject = ["a": 1]
    ) throws {
        let launch = launch(id, workerType: workerType)
        let request = LaunchRequest(
            clientToken: id, pool: launch.pool, market: .spot, mode: .runInstances, bidPrice: .zero,
            launchSpecification: ["ImageId": "ami-1"], userData: "{\"securityToken\":\"\(token)\"}",
            tags: [:], validUntil: .start)
        try database.launches.store(
            launch, request: request, securityToken: token,
            secret: SecretContent(secrets: secrets, scopes: ["x"]))
    }

    private func launch(_ id: String, workerType: String = "alpha", created: Date = .start) -> Launch {
        Launch(
            id: id, workerType: workerType, definitionModified: .start, iteration: 1,
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
            capacity: 2, market: .spot, mode: .runInstances, spotPrice: Price(usd: 0.1),
            effectivePrice: Price(usd: 0.1), bidPrice: Price(usd: 0.2), createdAt: created,
            secretExpires: created.plus(minutes: 40))
    }

    @Test("keeps notices of interruptions once each, with what the instance was where it is ours")
    func notices() throws {
        try store("a")
        var launched = launch("a")
        launched.instanceId = "i-0000000a"
        launched.state = .visible
        try database.launches.update([launched])
        func notice(_ id: String, _ kind: InterruptionNotice.Kind, minute: Double) -> InterruptionNotice {
            InterruptionNotice(
                instanceId: id, region: "us-east-1", kind: kind, at: .start.plus(minutes: minute))
        }
        let mine = notice("i-0000000a", .interruption, minute: 5)
        let strangers = notice("i-0000000b", .rebalance, minute: 1)
        for _ in 1...2 { try database.notices.record([mine, strangers], now: .start.plus(minutes: 6)) }
        #expect(try database.notices.since(.start) == [mine, strangers])
        #expect(try database.notices.since(.start.plus(minutes: 2)) == [mine])
        let own = try database.notices.own(since: .start)
        #expect(own.map(\.notice) == [mine])
        #expect(own.map(\.workerType) == ["alpha"])
        #expect(own.map(\.pool) == [launched.pool])
        try database.notices.purge(before: .start.plus(minutes: 2))
        #expect(try database.notices.since(.start) == [mine])
    }

    @Test("is made only where that is asked for, and readable by its owner alone")
    func creation() throws {
        #expect(throws: StorageError.self) {
            try ProvisionerDatabase(path: folder.file("other.sqlite"), key: key)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: database.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("refuses a file that is no database, and a schema of a newer program")
    func refusals() throws {
        let text = try folder.write(String(repeating: "not a database ", count: 100), to: "text.sqlite")
        #expect(throws: StorageError.self) { try ProvisionerDatabase(path: text, key: key) }
        try DatabaseQueue(path: database.path).writeWithoutTransaction { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9: of the future')")
            try db.execute(sql: "PRAGMA user_version = 900")
        }
        let error = #expect(throws: StorageError.self) {
            _ = try ProvisionerDatabase(path: database.path, key: key)
        }
        #expect(error?.description.contains("newer") == true)
    }

    @Test("is brought up to date, by the migrations that it lacks alone, and noted to be")
    func migration() throws {
        let raw = try DatabaseQueue(path: database.path)
        let version = { try raw.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") } }
        let names = { try raw.read { db in try String.fetchAll(db, sql: "SELECT * FROM grdb_migrations") } }
        let (current, all) = (try version(), try names())
        #expect(current == all.count)
        _ = try database.workerTypes.create("alpha", .sample(), now: .start)
        // As a program left it that noted nothing.
        try raw.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA user_version = 0") }
        #expect(try ProvisionerDatabase(path: database.path, key: key).workerTypes.names() == ["alpha"])
        #expect(try version() == current)
        // As an older program left it.
        try raw.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP TABLE nonces; DROP TABLE refused_claims;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '2:%'; PRAGMA user_version = 1
                    """)
        }
        let opened = try ProvisionerDatabase(path: database.path, key: key)
        #expect(
            try opened.nonces.isFirstUse(clientId: "c", timestamp: 0, nonce: "n", window: 900, now: .start))
        #expect(try opened.workerTypes.names() == ["alpha"])
        #expect(try version() == current && names().count == all.count)
    }

    @Test("keeps a worker type as it was, its secrets sealed")
    func workerTypes() throws {
        var definition = WorkerTypeDefinition.sample(secrets: ["password": "planted-general"])
        definition.instanceTypes[0].secrets = ["p": "planted-type"]
        definition.regions[0].secrets = ["p": "planted-region"]
        _ = try database.workerTypes.create("alpha", definition, now: .start)
        #expect(try database.workerTypes.get("alpha")?.definition == definition)
        #expect(try !bytes().contains("planted"))
        let other = try ProvisionerDatabase(path: database.path, key: try EncryptionKey())
        #expect(throws: StorageError.self) { try other.workerTypes.get("alpha") }
    }

    @Test("does not create a worker type twice, and lets lastModified grow with every update")
    func creationAndUpdate() throws {
        guard case .created(let first) = try database.workerTypes.create("alpha", .sample(), now: .start)
        else {
            Issue.record("not created")
            return
        }
        if case .created = try database.workerTypes.create("alpha", .sample(maxCapacity: 1), now: .start) {
            Issue.record("created twice")
        }
        let second = try database.workerTypes.update("alpha", .sample(maxCapacity: 1), now: .start)
        #expect(try #require(second).lastModified > first.lastModified)
        #expect(try database.workerTypes.update("beta", .sample(), now: .start) == nil)
    }

    @Test("remembers which worker types were removed")
    func removal() throws {
        _ = try database.workerTypes.create("alpha", .sample(), now: .start)
        #expect(try database.workerTypes.remove("alpha", now: .start))
        #expect(try !database.workerTypes.remove("alpha", now: .start))
        #expect(try database.workerTypes.removed() == ["alpha"])
        _ = try database.workerTypes.create("alpha", .sample(), now: .start)
        #expect(try database.workerTypes.removed().isEmpty)
    }

    @Test("stores a launch with its secret at once; the token is in no file")
    func launches() throws {
        try store("l1", token: "planted-token", secrets: ["s": "planted-secret"])
        let stored = try #require(try database.launches.open().first)
        #expect(stored == launch("l1"))
        #expect(
            try database.launches.request(of: stored)?.userData == "{\"securityToken\":\"planted-token\"}")
        #expect(try !bytes().contains("planted"))
        #expect(throws: StorageError.self) { try store("l1", token: "another") }
        #expect(try database.secrets.take(token: "another", now: .start) == nil, "nothing of it is stored")
    }

    @Test("forgets the call of a launch once it was answered, and the secret of one that failed")
    func answered() throws {
        try store("l1")
        var launch = try #require(try database.launches.open().first)
        launch.state = .submitted
        try database.launches.update([launch])
        #expect(try database.launches.request(of: launch) == nil)
        launch.state = .failed
        launch.endedAt = .start
        try database.launches.update([launch])
        #expect(try database.secrets.take(token: "token", now: .start) == nil)
    }

    @Test("hands a secret out once, also to many at the same time, and checks the launch in")
    func once() async throws {
        try store("l1")
        let path = database.path
        let key = key
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

    @Test("does not undo a check-in when the iteration writes what it knew before")
    func checkInStays() throws {
        try store("l1")
        var launch = try #require(try database.launches.open().first)
        _ = try database.secrets.take(token: "token", now: .start)
        launch.state = .visible
        try database.launches.update([launch])
        #expect(try database.launches.open().first?.checkedInAt == .start)
    }

    @Test("lets a secret expire")
    func expiry() throws {
        try store("l1")
        #expect(try database.secrets.take(token: "token", now: .start.plus(minutes: 40)) == nil)
        try database.secrets.purgeExpired(now: .start.plus(minutes: 41))
        #expect(try database.secrets.take(token: "token", now: .start) == nil)
    }

    @Test("tells equal secrets from others without opening them")
    func creatingSecrets() throws {
        let content = SecretContent(secrets: ["a": 1], scopes: [])
        let end = Date.start.plus(minutes: 5)
        func create(_ content: SecretContent) throws -> SecretStore.Creation {
            try database.secrets.create(token: "t", workerType: "alpha", content: content, expires: end)
        }
        #expect(try create(content) == .created)
        #expect(try create(content) == .same)
        #expect(try create(SecretContent(secrets: ["a": 2], scopes: [])) == .conflict)
    }

    @Test("remembers the first instance that a token belongs to")
    func instanceStarted() throws {
        try store("l1")
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

    @Test("gives what tells of an image's boots, however many launches are under way")
    func bootRecord() throws {
        for index in 0..<130 { try store("young\(index)", token: "y\(index)") }
        let old = Launch(
            id: "old", workerType: "alpha", definitionModified: .start, iteration: 1,
            pool: launch("x").pool, capacity: 1, market: .spot, mode: .runInstances, spotPrice: .zero,
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

    @Test("keeps clients, their access tokens sealed")
    func clients() throws {
        let client = ClientRecord(
            clientId: "me", scopes: ["a:*"], expires: .start, description: "d", createdAt: .start)
        #expect(try database.clients.add(client, accessToken: "planted-access"))
        #expect(try !database.clients.add(client, accessToken: "other"))
        #expect(try database.clients.get("me")?.accessToken == "planted-access")
        #expect(try database.clients.list() == [client])
        #expect(try !bytes().contains("planted"))
        #expect(try database.clients.remove("me", now: .start))
        #expect(try database.clients.get("me") == nil)
    }

    @Test("keeps the state of regions, prices and back-offs")
    func caches() throws {
        let pool = launch("x").pool
        let state = RegionState(
            region: "us-east-1",
            instances: [
                Instance(id: "i-1", pool: pool, imageId: "a", state: .running, launchTime: .start)
            ], spotRequests: [], availabilityZones: ["us-east-1a"], fetchedAt: .start)
        try database.regions.save([state])
        #expect(try database.regions.all() == ["us-east-1": state])
        let price = SpotPrice(pool: pool, price: Price(usd: 0.3), timestamp: .start)
        let lower = SpotPrice(pool: pool, price: Price(usd: 0.2), timestamp: .start)
        try database.prices.replace(
            region: "us-east-1", prices: [price, lower], instanceTypes: ["c5.xlarge"], now: .start)
        #expect(try database.prices.all().map(\.price) == [Price(usd: 0.3)])
        #expect(try database.prices.fetches()["us-east-1"]?.instanceTypes == ["c5.xlarge"])
        let backOff = BackOff(
            subject: .pool(pool), until: .start, failures: 2, code: "c", message: "m", since: .start)
        try database.backOffs.record(backOff)
        try database.backOffs.record(backOff)
        #expect(try database.backOffs.all() == [backOff])
        try database.backOffs.clear(.pool(pool))
        #expect(try database.backOffs.all().isEmpty)
    }

    @Test("keeps who was told to terminate, when first, how often, and when it was seen gone")
    func terminations() throws {
        let instance = Instance(
            id: "i-1", pool: launch("x").pool, imageId: "a", state: .running, launchTime: .start)
        let told = Retirement.Termination(
            instance: instance, workerType: "alpha", launchId: "x", reason: .maxLife)
        try database.terminations.record(asked: [told], gone: [], now: .start)
        try database.terminations.record(asked: [told], gone: ["i-2"], now: .start.plus(minutes: 5))
        let record = TerminationRecord(
            instanceId: "i-1", region: "us-east-1", workerType: "alpha", launchId: "x", reason: .maxLife,
            askedAt: .start, lastAskedAt: .start.plus(minutes: 5), attempts: 2)
        #expect(try database.terminations.pending() == [record])
        try database.terminations.record(asked: [], gone: ["i-1"], now: .start.plus(minutes: 6))
        #expect(try database.terminations.pending().isEmpty)
        #expect(try database.terminations.latest(5).map(\.goneAt) == [.start.plus(minutes: 6)])
        try database.terminations.purge(before: .start.plus(minutes: 6))
        #expect(try database.terminations.latest(5).isEmpty)
    }

    @Test("counts interruptions and instance-hours by pool, within a window, spot only")
    func interruptionRates() throws {
        func add(_ id: String, from: Double, to: Double?, market: Market = .spot) throws {
            try store(id, token: "token-" + id)
            var row = launch(id)
            row.state = to == nil ? .visible : .ended
            row.instanceId = "i-" + id
            row.startedAt = .start.plus(minutes: from)
            row.endedAt = to.map { .start.plus(minutes: $0) }
            try database.launches.update([row])
        }
        try add("a", from: 0, to: 90)
        try add("b", from: 30, to: nil)
        try add("c", from: -600, to: -30)
        let pool = launch("a").pool
        func interruption(_ id: String, _ minute: Double) -> Interruption {
            Interruption(
                instanceId: "i-" + id, launchId: id, workerType: "alpha", pool: pool,
                reason: "Server.SpotInstanceTermination", at: .start.plus(minutes: minute))
        }
        try database.interruptions.record([interruption("a", 90), interruption("c", -30)])
        try database.interruptions.record([interruption("a", 95)])
        let rates = try database.interruptions.rates(since: .start, now: .start.plus(minutes: 120))
        #expect(rates == [pool: InterruptionRate(interruptions: 1, instanceHours: 3)])
        #expect(abs((rates[pool]?.per100Hours ?? 0) - 100.0 / 3) < 1e-9)
        let later = try database.interruptions.rates(
            since: .start.plus(minutes: 60), now: .start.plus(minutes: 120))
        #expect(later == [pool: InterruptionRate(interruptions: 1, instanceHours: 1.5)])
        #expect(
            try database.interruptions.rates(since: .start.plus(minutes: 600), now: .start.plus(minutes: 660))
                == [pool: InterruptionRate(interruptions: 0, instanceHours: 1)])
        try database.interruptions.purge(before: .start)
        #expect(try database.interruptions.latest(5).map(\.instanceId) == ["i-a"])
    }

    @Test("of an older schema is brought up to date, with the launches that it holds")
    func olderSchema() throws {
        let path = folder.file("old.sqlite")
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: "2: nonces, refused claims")
        try old.write { db in
            try db.execute(
                sql: """
                    INSERT INTO launches (id, worker_type, definition_modified, iteration, region,
                        availability_zone, instance_type, capacity, market, mode, spot_price, effective_price,
                        bid_price, created_at, secret_expires, state, instance_id)
                    VALUES ('l', 'alpha', 0, 1, 'us-east-1', 'us-east-1a', 'c5.xlarge', 1, 'spot',
                        'run-instances', 1, 1, 1, 0, 0, 'visible', 'i-1')
                    """)
        }
        try old.close()
        let database = try ProvisionerDatabase(path: path, key: key)
        let launch = try #require(try database.launches.open().first)
        #expect(launch.instanceId == "i-1")
        #expect(launch.startedAt == nil)
        #expect(try database.interruptions.rates(since: .start, now: .start.plus(minutes: 1)).isEmpty)
    }

    @Test("does not refuse readers while somebody writes, and tells a writer that waited in vain")
    func contention() throws {
        let writer = try DatabaseQueue(path: database.path)
        let other = try ProvisionerDatabase(path: database.path, key: key, busyTimeout: 0.05)
        try writer.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            defer { try? db.execute(sql: "ROLLBACK") }
            #expect(try other.workerTypes.names() == [])
            let error = #expect(throws: StorageError.self) {
                _ = try other.workerTypes.create("alpha", .sample(), now: .start)
            }
            guard case .busy? = error else {
                Issue.record("not busy: \(String(describing: error))")
                return
            }
        }
    }
}

@Suite("The encryption key's file")
struct EncryptionKeyFileTests {
    @Test("is made once, for its owner alone")
    func creation() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("key")
        let key = try EncryptionKeyFile.create(at: path)
        #expect(try EncryptionKeyFile.read(at: path).base64 == key.base64)
        #expect(throws: StorageError.self) { try EncryptionKeyFile.create(at: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: StorageError.self) { try EncryptionKeyFile.read(at: path) }
    }
}
