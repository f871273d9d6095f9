import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("The database")
struct DatabaseTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    @Test("It is created only on request, and readable by its owner alone")
    func creation() throws {
        #expect(throws: StorageError.self) {
            try ProvisionerDatabase(path: fixture.folder.file("other.sqlite"), key: fixture.key)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: database.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("A file that is no database and a schema of a newer program are refused")
    func refusals() throws {
        let text = try fixture.folder.write(
            String(repeating: "not a database ", count: 100), to: "text.sqlite")
        #expect(throws: StorageError.self) { try ProvisionerDatabase(path: text, key: fixture.key) }
        try DatabaseQueue(path: database.path).writeWithoutTransaction { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9: of the future')")
            try db.execute(sql: "PRAGMA user_version = 900")
        }
        let error = #expect(throws: StorageError.self) {
            _ = try ProvisionerDatabase(path: database.path, key: fixture.key)
        }
        #expect(error?.description.contains("newer") == true)
    }

    @Test("Only missing migrations are applied, and the version is stored")
    func migration() throws {
        let raw = try DatabaseQueue(path: database.path)
        let version = { try raw.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") } }
        let names = { try raw.read { db in try String.fetchAll(db, sql: "SELECT * FROM grdb_migrations") } }
        let (current, all) = (try version(), try names())
        #expect(current == all.count)
        _ = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        // The state after a program that did not store the version.
        try raw.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA user_version = 0") }
        #expect(
            try ProvisionerDatabase(path: database.path, key: fixture.key).workerTypes.names() == ["alpha"])
        #expect(try version() == current)
        // The state after an older program.
        try raw.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP TABLE nonces; DROP TABLE refused_claims;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '2:%'; PRAGMA user_version = 1
                    """)
        }
        let opened = try ProvisionerDatabase(path: database.path, key: fixture.key)
        #expect(
            try opened.nonces.isFirstUse(clientId: "c", timestamp: 0, nonce: "n", window: 900, now: .start))
        #expect(try opened.workerTypes.names() == ["alpha"])
        #expect(try version() == current && names().count == all.count)
    }

    @Test("It stores clients with sealed access tokens")
    func clients() throws {
        let client = ClientRecord(
            clientId: "me", scopes: ["a:*"], expires: .start, description: "d", createdAt: .start)
        #expect(try database.clients.add(client, accessToken: "planted-access", by: .program))
        #expect(try !database.clients.add(client, accessToken: "other", by: .program))
        #expect(try database.clients.get("me")?.accessToken == "planted-access")
        #expect(try database.clients.list() == [client])
        #expect(try !fixture.bytes().contains("planted"))
        #expect(try database.clients.remove("me", by: .program, now: .start))
        #expect(try database.clients.get("me") == nil)
    }

    @Test("It stores the state of regions, prices and holds")
    func caches() throws {
        let pool = fixture.launch("x").pool
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
        let hold = Hold(
            subject: .pool(pool, .spot), until: .start, failures: 2, code: "c", message: "m", since: .start)
        try database.holds.record(hold)
        try database.holds.record(hold)
        #expect(try database.holds.all() == [hold])
        try database.holds.clear(.pool(pool, .spot))
        #expect(try database.holds.all().isEmpty)
    }

    @Test("A database of an older schema is migrated with its launches")
    func olderSchema() throws {
        let path = fixture.folder.file("old.sqlite")
        let old = try DatabaseQueue(path: path)
        try Schema.migrator().migrate(old, upTo: "2: nonces, refused claims")
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
        let database = try ProvisionerDatabase(path: path, key: fixture.key)
        let launch = try #require(try database.launches.open().first)
        #expect(launch.instanceId == "i-1")
        #expect(launch.startedAt == nil)
        #expect(try database.interruptions.rates(since: .start, now: .start.plus(minutes: 1)).isEmpty)
    }

    @Test("Noteworthy decisions are found by iteration, by time and by purchase")
    func decisions() throws {
        var bought = WorkerTypeDecision.sample(pendingTasks: 3)
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        bought.bids = [
            Bid(
                workerType: bought.workerType, pool: pool, capacity: 1, market: .spot,
                spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1), bidPrice: Price(usd: 0.2))
        ]
        let name = bought.workerType
        let idle = WorkerTypeDecision.sample(pendingTasks: 0)
        for (minute, decision) in [idle, bought, idle, idle].enumerated() {
            let id = try database.iterations.begin(dryRun: false, now: .start.plus(minutes: Double(minute)))
            try database.iterations.record(
                [decision], noteworthy: decision == bought ? [name] : [], iteration: id)
        }
        let store = database.iterations
        let latest = try #require(try store.explanation(of: name))
        #expect(latest.iteration == 4 && latest.hasCandidates)
        let purchase = try #require(try store.lastPurchase(of: name))
        #expect(purchase.iteration == 2 && !purchase.hasCandidates)
        #expect(purchase.decision.bids == bought.bids)
        #expect(try store.decision(of: name, iteration: 2)?.decision.bids == bought.bids)
        #expect(try store.decision(of: name, iteration: 3) == nil)
        #expect(try store.decision(of: name, iteration: 4)?.hasCandidates == true)
        #expect(try store.decision(of: name, at: .start.plus(minutes: 2.5))?.iteration == 2)
        #expect(try store.decision(of: name, at: .start.plus(minutes: 0.5)) == nil)
        #expect(try store.decision(of: name, at: .start.plus(minutes: 60))?.iteration == 4)
        #expect(try store.lastPurchase(of: "other") == nil)
    }

    @Test("A database of the previous version keeps its failed calls, reports and decisions")
    func previousVersion() throws {
        let path = fixture.folder.file("previous.sqlite")
        let old = try DatabaseQueue(path: path)
        try Schema.migrator().migrate(old, upTo: "10: sizes of audit documents")
        let decision = """
            {"workerType": "alpha", "decidedAt": 1770000000000, "pendingTasks": 3,
            "tally": {"running": 1, "pending": 2, "requested": 0}, "bids": [], "problems": ["stopped: broken"]}
            """
        try old.write { db in
            try db.execute(
                sql: """
                    INSERT INTO failures VALUES
                        ('region us-east-1', 'c', 'm', 1), ('key pair eu-west-1', 'c', 'm', 1),
                        ('queue alpha', 'c', 'm', 1), ('interruption queue', 'c', 'm', 1),
                        ('worker type beta', 'c', 'm', 1);
                    INSERT INTO iterations VALUES
                        (7, 1000, 2000, 'partial', 0, '{"errors": [{"subject": "queue alpha", "message": "m"}]}');
                    """)
            try db.execute(
                sql: "INSERT INTO explanations VALUES ('alpha', 7, ?)", arguments: [decision])
        }
        try old.close()
        let database = try ProvisionerDatabase(path: path, key: fixture.key)
        #expect(
            Set(try database.regions.failures().map(\.subject)) == [
                CallSubject(.region, "us-east-1"), CallSubject(.keyPair, "eu-west-1"),
                CallSubject(.queue, "alpha"), CallSubject(.interruptionQueue),
                CallSubject(.workerType, "beta"),
            ])
        let record = try #require(try database.iterations.lastFinished())
        #expect(record.outcome == .partial)
        #expect(record.summary?.failures.map(\.subject) == [CallSubject(.queue, "alpha")])
        let stored = try #require(try database.iterations.explanation(of: "alpha"))
        #expect(stored.decision.tally == CapacityTally(running: 1, booting: 2))
        #expect(stored.decision.problems == [Problem(.stopped, "broken")])
    }

    @Test("Readers continue during a write, and a writer that waits too long fails")
    func contention() throws {
        let writer = try DatabaseQueue(path: database.path)
        let other = try ProvisionerDatabase(path: database.path, key: fixture.key, busyTimeout: 0.05)
        try writer.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            defer { try? db.execute(sql: "ROLLBACK") }
            #expect(try other.workerTypes.names() == [])
            let error = #expect(throws: StorageError.self) {
                _ = try other.workerTypes.create("alpha", .sample(), by: .program, now: .start)
            }
            guard case .busy? = error else {
                Issue.record("not busy: \(String(describing: error))")
                return
            }
        }
    }
}

@Suite("The file of the encryption key")
struct EncryptionKeyFileTests {
    @Test("It is created once, readable by its owner alone")
    func creation() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("key")
        let key = try EncryptionKeyFile.create(at: path)
        #expect(try EncryptionKeyFile.read(at: path).base64 == key.base64)
        #expect(throws: StorageError.self) { try EncryptionKeyFile.create(at: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: StorageError.self) { try EncryptionKeyFile.read(at: path) }
    }

    @Test("It is neither created nor read through a link")
    func links() throws {
        let folder = try TemporaryFolder()
        let link = folder.file("link")
        symlink(folder.file("key"), link)
        #expect(throws: StorageError.self) { try EncryptionKeyFile.create(at: link) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("key")))
        _ = try EncryptionKeyFile.create(at: folder.file("key"))
        #expect(throws: StorageError.self) { try EncryptionKeyFile.read(at: link) }
    }

    @Test("A folder, a device and a named pipe without a writer are refused at once")
    func kinds() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, folder.path, "/dev/null"] {
            let error = #expect(throws: StorageError.self) { _ = try EncryptionKeyFile.read(at: path) }
            #expect(error?.description.contains("not a regular file") == true)
        }
    }
}
