import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("The store of worker types")
struct WorkerTypeStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    @Test("A worker type is stored unchanged, with sealed secrets")
    func workerTypes() throws {
        var definition = WorkerTypeDefinition.sample(secrets: ["password": "planted-general"])
        definition.instanceTypes[0].secrets = ["p": "planted-type"]
        definition.regions[0].secrets = ["p": "planted-region"]
        _ = try database.workerTypes.create("alpha", definition, by: .program, now: .start)
        #expect(try database.workerTypes.get("alpha")?.definition == definition)
        #expect(try !fixture.bytes().contains("planted"))
        let other = try ProvisionerDatabase(path: database.path, key: try EncryptionKey())
        #expect(throws: StorageError.self) { try other.workerTypes.get("alpha") }
    }

    @Test("A worker type is created once, and lastModified grows with each update")
    func creationAndUpdate() throws {
        guard
            case .created(let first) = try database.workerTypes.create(
                "alpha", .sample(), by: .program, now: .start)
        else {
            Issue.record("not created")
            return
        }
        if case .created = try database.workerTypes.create(
            "alpha", .sample(maxCapacity: 1), by: .program, now: .start)
        {
            Issue.record("created twice")
        }
        let second = try database.workerTypes.update(
            "alpha", .sample(maxCapacity: 1), by: .program, now: .start)
        #expect(try #require(second).lastModified > first.lastModified)
        #expect(try database.workerTypes.update("beta", .sample(), by: .program, now: .start) == nil)
    }

    @Test("The names of removed worker types are stored")
    func removal() throws {
        _ = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        #expect(try database.workerTypes.remove("alpha", by: .program, now: .start))
        #expect(try !database.workerTypes.remove("alpha", by: .program, now: .start))
        #expect(try database.workerTypes.removed() == ["alpha"])
        _ = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        #expect(try database.workerTypes.removed().isEmpty)
    }
}
