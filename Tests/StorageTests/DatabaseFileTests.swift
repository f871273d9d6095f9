import Cryptography
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("The file of the database")
struct DatabaseFileTests {
    private let fixture: StorageFixture

    init() throws { fixture = try StorageFixture() }

    private func failure(opening path: String, readOnly: Bool = true) -> StorageError? {
        #expect(throws: StorageError.self) {
            _ = try ProvisionerDatabase(path: path, key: fixture.key, readOnly: readOnly)
        }
    }

    @Test("that is a text, a folder, empty or of another program is named as such", arguments: [true, false])
    func foreign(readOnly: Bool) throws {
        let folder = fixture.folder
        let other = folder.file("other.sqlite")
        try DatabaseQueue(path: other).write { db in try db.execute(sql: "CREATE TABLE t (a)") }
        for (path, kind) in [
            (
                try folder.write(String(repeating: "text ", count: 1000), to: "text"),
                "is not an SQLite database"
            ),
            (folder.path, "is a folder"), (try folder.write("", to: "empty"), "is an empty file"),
            (other, "is the database of another program"), ("/dev/null", "is not a regular file"),
        ] {
            let error = failure(opening: path, readOnly: readOnly)
            guard case .foreign = error else {
                Issue.record("\(path): \(String(describing: error))")
                continue
            }
            #expect(error?.description.contains(kind) == true, "\(String(describing: error))")
        }
        let missing = failure(opening: folder.file("missing"), readOnly: readOnly)
        guard case .missing = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("missing")))
    }

    @Test("that is damaged is reported with a hint at the backup")
    func damaged() throws {
        for number in 0..<200 {
            _ = try fixture.database.workerTypes.create(
                "type-\(number)", .sample(), by: .program, now: .start)
        }
        try fixture.database.vacuum()
        let copy = fixture.folder.file("damaged.sqlite")
        try fixture.database.backUp(to: copy)
        let file = try #require(FileHandle(forWritingAtPath: copy))
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0x5a, count: 200_000))
        try file.close()
        let error = #expect(throws: StorageError.self) {
            try ProvisionerDatabase(path: copy, key: nil, readOnly: true).workerTypes.withoutSecrets()
        }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("aws-provisioner restore") == true)
    }

    @Test("of an earlier version is refused unless an update is requested, which makes a copy first")
    func update() throws {
        let older = try #require(OlderDatabase.all.first)
        let path = fixture.folder.file("older.sqlite")
        let statements = try older.statements
        try DatabaseQueue(path: path).writeWithoutTransaction { db in try db.execute(sql: statements) }
        let key = try EncryptionKey(base64: older.key)
        let error = #expect(throws: StorageError.self) {
            _ = try ProvisionerDatabase(path: path, key: key, schemaUpdate: .refused)
        }
        guard case .olderSchema = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let database = try ProvisionerDatabase(path: path, key: key, schemaUpdate: .appliedAfterCopy)
        let copy = try #require(database.copyBeforeUpdate)
        #expect(copy.hasPrefix(path + ".before-update-"))
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let names = try database.workerTypes.names()
        #expect(try ProvisionerDatabase(path: copy, key: key).workerTypes.names() == names)
        let again = try ProvisionerDatabase(path: path, key: key, schemaUpdate: .appliedAfterCopy)
        #expect(again.copyBeforeUpdate == nil)
    }

    @Test("on a full disk is reported as such")
    func fullDisk() throws {
        let database = fixture.database
        try database.queue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        let error = #expect(throws: StorageError.self) {
            for number in 0..<500 {
                _ = try database.workerTypes.create("type-\(number)", .sample(), by: .program, now: .start)
            }
        }
        guard case .full = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("full") == true)
    }

    @Test("keeps the provisionerId, and the audit log contains its change")
    func provisionerId() throws {
        let database = fixture.database
        #expect(try database.provisionerId() == nil)
        for id in ["a", "a", "b"] {
            try database.setProvisionerId(id, by: Author("me", by: "init"), now: .start)
            #expect(try database.provisionerId() == id)
        }
        let notes = try database.audit.entries().filter { $0.kind == .database }.map(\.note)
        #expect(notes == ["a replaced by b"])
    }
}
