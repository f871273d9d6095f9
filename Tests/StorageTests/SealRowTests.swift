import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("Values that are sealed for one row")
struct SealRowTests {
    private let fixture: StorageFixture

    init() throws { fixture = try StorageFixture() }

    private func execute(_ sql: String) throws {
        try DatabaseQueue(path: fixture.database.path).writeWithoutTransaction { db in
            try db.execute(sql: sql)
        }
    }

    @Test("The request of a launch does not open in another row")
    func requests() throws {
        for id in ["l1", "l2"] { try fixture.store(id, token: id) }
        #expect(try fixture.database.launches.request(of: fixture.launch("l1")) != nil)
        try execute(
            "UPDATE launches SET request = (SELECT request FROM launches WHERE id = 'l2') WHERE id = 'l1'")
        #expect(throws: StorageError.self) {
            _ = try fixture.database.launches.request(of: fixture.launch("l1"))
        }
        #expect(try fixture.database.launches.request(of: fixture.launch("l2")) != nil)
    }

    @Test("The secrets of a worker type do not open in another row")
    func workerTypes() throws {
        let workerTypes = fixture.database.workerTypes
        for name in ["alpha", "beta"] {
            _ = try workerTypes.create(
                name, .sample(secrets: ["of": .string(name)]), by: .program, now: .start)
        }
        #expect(try workerTypes.get("alpha")?.definition.secrets == ["of": "alpha"])
        try execute(
            "UPDATE worker_types SET secrets = (SELECT secrets FROM worker_types WHERE name = 'beta') "
                + "WHERE name = 'alpha'")
        #expect(throws: StorageError.self) { _ = try workerTypes.get("alpha") }
        #expect(try workerTypes.get("beta")?.definition.secrets == ["of": "beta"])
    }
}
