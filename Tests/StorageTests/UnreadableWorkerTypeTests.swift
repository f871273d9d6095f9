import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("An unreadable worker type")
struct UnreadableWorkerTypeTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    /// `beta` is between two readable worker types.
    init() throws {
        fixture = try StorageFixture()
        for name in ["alpha", "beta", "gamma"] {
            _ = try database.workerTypes.create(name, .sample(secrets: ["a": 1]), by: .program, now: .start)
        }
    }

    private func store(_ text: String) throws {
        try DatabaseQueue(path: database.path).write { db in
            try db.execute(
                sql: "UPDATE worker_types SET definition = ? WHERE name = 'beta'", arguments: [text])
        }
    }

    private static let texts = [
        "", "{", "[]", "{}", #"{"a":1,"a":2}"#, HostileJSON.nested(500), HostileJSON.nested(100_000),
    ]

    @Test("It does not affect other worker types", arguments: texts)
    func others(text: String) throws {
        try store(text)
        let (types, unreadable) = try database.workerTypes.readable()
        #expect(types.map(\.name) == ["alpha", "gamma"])
        #expect(unreadable.map(\.name) == ["beta"])
        #expect(unreadable.allSatisfy { !$0.reason.isEmpty })
        let open = try database.workerTypes.withoutSecrets()
        #expect(open.types.map(\.type.name) == ["alpha", "gamma"])
        #expect(open.unreadable.map(\.name) == ["beta"])
        #expect(throws: StorageError.self) { try database.workerTypes.get("beta") }
        #expect(throws: StorageError.self) { try database.workerTypes.withoutSecrets(of: "beta") }
        #expect(try database.workerTypes.withoutSecrets(of: "alpha")?.type.name == "alpha")
        #expect(try database.workerTypes.withoutSecrets(of: "delta") == nil)
        #expect(try database.workerTypes.names().contains("beta"))
    }

    @Test("It can be replaced and removed, and both are recorded")
    func repair() throws {
        try store("{")
        let updated = try database.workerTypes.update("beta", .sample(), by: .program, now: .start)
        #expect(try #require(updated).lastModified > .start)
        #expect(try database.workerTypes.get("beta")?.definition == .sample())
        try store("{")
        let applied = try database.workerTypes.apply(
            [("beta", { _ in .sample(maxCapacity: 7) })], by: .program, now: .start.plus(minutes: 1))
        #expect(applied.map(\.after.definition.maxCapacity) == [7])
        try store("{")
        #expect(try database.workerTypes.remove("beta", by: .program, now: .start.plus(minutes: 2)))
        let actions = try database.audit.entries(workerType: "beta").map(\.action)
        #expect(actions == [.created, .updated, .updated, .removed])
    }

    @Test("Secrets that do not open make it unreadable, and when none open the key is wrong")
    func sealed() throws {
        try DatabaseQueue(path: database.path).write { db in
            try db.execute(sql: "UPDATE worker_types SET secrets = X'00' WHERE name = 'beta'")
        }
        #expect(try database.workerTypes.readable().unreadable.map(\.name) == ["beta"])
        let other = try ProvisionerDatabase(path: database.path, key: try EncryptionKey())
        #expect(throws: StorageError.self) { try other.workerTypes.readable() }
    }

    @Test("Stored definitions are not validated by later rules")
    func oldDefinitions() throws {
        let types = (0..<300).map { ("c\($0).large", 1, 1.0) }
        var old = WorkerTypeDefinition.sample(types: types, regions: (0..<300).map { "r-\($0)" })
        old.launchSpec = ["NotKnown": true]
        try store(String(decoding: old.json.serialized(), as: UTF8.self))
        let (read, unreadable) = try database.workerTypes.readable()
        #expect(unreadable.isEmpty)
        #expect(read.first { $0.name == "beta" }?.definition.poolCount == 90_000)
    }
}
