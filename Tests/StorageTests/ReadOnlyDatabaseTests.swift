import Cryptography
import Domain
import Formats
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import Domain

@Suite("A database that is opened for reading")
struct ReadOnlyTests {
    private let folder: TemporaryFolder
    private let path: String
    private let key: EncryptionKey

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("p.sqlite")
        key = try EncryptionKey()
        let database = try ProvisionerDatabase(path: path, key: key, create: true)
        _ = try database.workerTypes.create(
            "alpha", .sample(secrets: ["s": "planted"]), by: .program, now: .start)
        _ = try database.workerTypes.create("beta", .sample(), by: .program, now: .start)
    }

    @Test("It can be read beside a writer, and not written")
    func readOnly() throws {
        let reader = try ProvisionerDatabase(path: path, key: nil, readOnly: true)
        #expect(try reader.workerTypes.names() == ["alpha", "beta"])
        let writer = try ProvisionerDatabase(path: path, key: key)
        try writer.workerTypes.remove("beta", by: .program, now: .start)
        #expect(try reader.workerTypes.names() == ["alpha"])
        #expect(throws: StorageError.self) {
            try reader.workerTypes.remove("alpha", by: .program, now: .start)
        }
        #expect(try writer.workerTypes.names() == ["alpha"])
    }

    @Test("Worker types are read without a key and without their secrets")
    func withoutSecrets() throws {
        let reader = try ProvisionerDatabase(path: path, key: nil, readOnly: true)
        let all = try reader.workerTypes.withoutSecrets().types
        #expect(all.map(\.type.name) == ["alpha", "beta"])
        #expect(all.map(\.hasSecrets) == [true, false])
        #expect(all.allSatisfy { $0.type.definition == .sample() })
        #expect(try reader.workerTypes.withoutSecrets("beta").types.count == 1)
        #expect(throws: StorageError.self) { try reader.workerTypes.all() }
    }

    @Test("A schema of an older program is refused")
    func olderSchema() throws {
        try DatabaseQueue(path: path).write { db in
            try db.execute(
                sql: "DELETE FROM grdb_migrations WHERE identifier LIKE '6:%'; PRAGMA user_version = 1")
        }
        let error = #expect(throws: StorageError.self) {
            try ProvisionerDatabase(path: path, key: nil, readOnly: true)
        }
        #expect(error?.description.contains("older") == true)
    }
}
