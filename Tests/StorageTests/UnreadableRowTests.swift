import Cryptography
import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("A stored value that cannot be read")
struct UnreadableRowTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    private func sql(_ sql: String) throws { try database.write { db in try db.execute(sql: sql) } }

    @Test("A hold of a newer program does not affect the others")
    func hold() throws {
        let hold = Hold(
            subject: .region("us-east-1"), until: .start, failures: 1, code: "c", message: "m", since: .start)
        try database.holds.record(hold)
        try sql("INSERT INTO back_offs VALUES ('new', 0, '{\"subject\": {\"galaxy\": {}}}')")
        #expect(try database.holds.all() == [hold])
        #expect(database.unreadableProblems.count == 1)
        #expect(database.unreadableProblems.allSatisfy { $0.contains("hold new cannot be read") })
    }

    @Test("A region state does not affect the others")
    func region() throws {
        let state = RegionState(
            region: "us-east-1", instances: [], spotRequests: [], availabilityZones: [], fetchedAt: .start)
        try database.regions.save([state])
        try sql("INSERT INTO region_states VALUES ('eu-west-1', 0, '{')")
        #expect(try database.regions.all() == ["us-east-1": state])
        #expect(database.unreadableProblems.count == 1)
    }

    @Test("A termination with an unknown reason does not affect the others")
    func termination() throws {
        for (id, reason) in [("i-1", TerminationPlan.Reason.unclaimed.rawValue), ("i-2", "boredom")] {
            try sql(
                """
                INSERT INTO terminations (
                    instance_id, region, worker_type, reason, asked_at, last_asked_at, attempts
                ) VALUES ('\(id)', 'us-east-1', 'alpha', '\(reason)', 0, 0, 1)
                """)
        }
        #expect(try database.terminations.pending().map(\.instanceId) == ["i-1"])
        #expect(database.unreadableProblems.count == 1)
    }

    @Test("A launch in an unknown state does not affect the others")
    func launch() throws {
        for id in ["a", "b"] { try fixture.store(id, token: id) }
        try sql("UPDATE launches SET market = 'barter' WHERE id = 'b'")
        #expect(try database.launches.open().map(\.id) == ["a"])
        #expect(try database.launches.get(["a", "b"]).map(\.id) == ["a"])
        #expect(database.unreadableProblems.count == 1)
    }

    @Test("A decision, a fetch of prices and a change do not affect the others")
    func others() throws {
        try database.iterations.record(
            [.sample(.sample("alpha")), .sample(.sample("beta"))], iteration: 1)
        try sql("UPDATE explanations SET json = '{' WHERE worker_type = 'beta'")
        #expect(try database.iterations.summaries().map(\.workerType) == ["alpha"])
        #expect(try database.iterations.latestProblems().isEmpty)
        try database.prices.replace(region: "us-east-1", prices: [], instanceTypes: ["t"], now: .start)
        try sql("INSERT INTO price_fetches (region, fetched_at, instance_types) VALUES ('eu-west-1', 0, 'x')")
        #expect(try database.prices.fetches().keys.sorted() == ["us-east-1"])
        for name in ["alpha", "beta"] {
            _ = try database.workerTypes.create(name, .sample(), by: .program, now: .start)
        }
        try sql("UPDATE audit SET action = 'dreamt' WHERE subject = 'beta'")
        #expect(try database.audit.entries().map(\.subject) == ["alpha"])
    }

    @Test("The only worker type with secrets is unreadable alone, if the key opens a client")
    func onlySecret() throws {
        _ = try database.workerTypes.create("alpha", .sample(secrets: ["a": 1]), by: .program, now: .start)
        _ = try database.workerTypes.create("beta", .sample(), by: .program, now: .start)
        try sql("UPDATE worker_types SET secrets = X'00' WHERE name = 'alpha'")
        #expect(throws: StorageError.self) { try database.workerTypes.readable() }
        let client = ClientRecord(
            clientId: "c", scopes: [], expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.add(client, accessToken: "t", by: .program))
        let read = try database.workerTypes.readable()
        #expect(read.types.map(\.name) == ["beta"] && read.unreadable.map(\.name) == ["alpha"])
        let other = try ProvisionerDatabase(path: database.path, key: try EncryptionKey())
        #expect(throws: StorageError.self) { try other.workerTypes.readable() }
    }
}
