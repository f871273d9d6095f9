import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("A store of worker types")
struct WorkerTypeStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    @Test("keeps a worker type as it was, its secrets sealed")
    func workerTypes() throws {
        var definition = WorkerTypeDefinition.sample(secrets: ["password": "planted-general"])
        definition.instanceTypes[0].secrets = ["p": "planted-type"]
        definition.regions[0].secrets = ["p": "planted-region"]
        _ = try database.workerTypes.create("alpha", definition, now: .start)
        #expect(try database.workerTypes.get("alpha")?.definition == definition)
        #expect(try !fixture.bytes().contains("planted"))
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
}
