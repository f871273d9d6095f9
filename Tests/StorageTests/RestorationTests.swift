import Cryptography
import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("A restoration")
struct RestorationTests {
    private let fixture: StorageFixture
    private let backup: String
    private var database: ProvisionerDatabase { fixture.database }
    private let author = Author("alice", by: "restore")

    init() throws {
        fixture = try StorageFixture()
        backup = fixture.folder.file("backup.sqlite")
    }

    private func create(_ token: String) throws {
        let creation = try database.secrets.create(
            token: token, workerType: "alpha", content: SecretContent(secrets: ["a": 1], scopes: []),
            expires: .start.plus(minutes: 60), by: .program, now: .start)
        #expect(creation == .created)
    }

    private func add(_ client: String, scopes: [String] = []) throws {
        let record = ClientRecord(
            clientId: client, scopes: scopes, expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.add(record, accessToken: "token-\(client)", by: .program))
    }

    /// Closes the current database, restores the backup, and opens the result.
    private func restore(
        keepingSecrets: Bool = false
    ) throws -> (DatabaseRestoration, DatabaseRestoration.Result, ProvisionerDatabase) {
        try database.queue.close()
        let restoration = try DatabaseRestoration(of: backup, over: database.path, key: fixture.key)
        let result = try restoration.replace(keepingSecrets: keepingSecrets, by: author, now: .start)
        return (restoration, result, try ProvisionerDatabase(path: database.path, key: fixture.key))
    }

    @Test("It drops every secret of the backup, keeps the rest, and is recorded")
    func secretsDropped() throws {
        try create("one")
        _ = try database.workerTypes.create("alpha", .sample(secrets: ["t": "v"]), by: .program, now: .start)
        try database.backUp(to: backup)
        #expect(try database.workerTypes.remove("alpha", by: .program, now: .start))
        let (restoration, result, restored) = try restore()
        #expect(result.secretsDropped == 1 && result.secretsKept == 0)
        #expect(try restored.secrets.take(token: "one", now: .start) == nil)
        #expect(restoration.workerTypes == ["alpha"])
        #expect(try restored.workerTypes.get("alpha")?.definition == .sample(secrets: ["t": "v"]))
        let entry = try #require(try restored.audit.entries().last)
        #expect(entry.action == .restored && entry.author == author && entry.subject == backup)
    }

    @Test("Kept secrets are not fetched, removed or expired")
    func secretsKept() throws {
        for token in ["fetched", "removed", "expired", "open"] { try create(token) }
        try database.backUp(to: backup)
        #expect(try database.secrets.take(token: "fetched", now: .start) != nil)
        try database.secrets.remove(token: "removed", by: author, now: .start)
        try database.write { db in
            try db.execute(
                sql: "UPDATE secrets SET content = NULL WHERE token_hash = ?",
                arguments: [Data(try SHA256.hash("expired".utf8))])
        }
        let (_, result, restored) = try restore(keepingSecrets: true)
        #expect(result.secretsKept == 1 && result.secretsDropped == 3 && result.comparesSecrets)
        #expect(try restored.secrets.take(token: "open", now: .start)?.content.secrets == ["a": 1])
        for token in ["fetched", "removed", "expired"] {
            #expect(try restored.secrets.take(token: token, now: .start) == nil)
        }
    }

    @Test("All secrets are kept where there is no database to compare with", arguments: [true, false])
    func unreadable(isDamaged: Bool) throws {
        try create("one")
        try database.backUp(to: backup)
        try database.queue.close()
        let path = database.path
        try FileManager.default.removeItem(atPath: path)
        if isDamaged { try Data("no database".utf8).write(to: URL(filePath: path)) }
        try Data("a log of the old file".utf8).write(to: URL(filePath: path + "-wal"))
        let (restoration, result, restored) = try restore(keepingSecrets: true)
        #expect(result.secretsKept == 1 && !result.comparesSecrets)
        #expect(try restored.secrets.take(token: "one", now: .start) != nil)
        #expect(restoration.clients.isEmpty)
        if isDamaged {
            let replaced = try #require(result.replaced)
            #expect(try String(contentsOfFile: replaced, encoding: .utf8) == "no database")
        } else {
            #expect(result.replaced == nil)
        }
    }

    @Test("It compares the clients, and keeps the nonces that were used since the backup")
    func clients() throws {
        for client in ["same", "changed", "removed"] { try add(client, scopes: ["a"]) }
        try database.backUp(to: backup)
        try add("later")
        #expect(try database.clients.remove("removed", by: .program, now: .start))
        let wider = ClientRecord(
            clientId: "changed", scopes: ["b"], expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.update(wider, by: author, now: .start))
        // The clock of the client is ahead, so the timestamp is above the horizon of the restored database.
        let now = Int(Date().timeIntervalSince1970) + 600
        func isFirst(_ database: ProvisionerDatabase) throws -> Bool {
            try database.nonces.isFirstUse(
                clientId: "same", timestamp: now, nonce: "n", window: 900, now: .start)
        }
        #expect(try isFirst(database))
        let (restoration, _, restored) = try restore()
        let states = restoration.clients.map { "\($0.record.clientId) \($0.state.rawValue)" }
        #expect(states == ["changed changed", "removed missing", "same same"])
        #expect(try !isFirst(restored))
    }

    @Test("Worker credentials from after the backup still end with their client")
    func workerCredentials() throws {
        func issue(_ token: String) throws {
            let creation = try database.secrets.create(
                token: token, workerType: "alpha", content: SecretContent(secrets: [:], scopes: ["s"]),
                expires: .start.plus(minutes: 60), creator: "creator", by: author, now: .start)
            #expect(creation == .created)
            let certificate = IssuedCertificate(seed: "seed-\(token)", expires: .start.plus(minutes: 60))
            #expect(try database.secrets.take(token: token, now: .start, issuing: certificate) != nil)
        }
        try add("creator", scopes: ["s"])
        try issue("before")
        try database.backUp(to: backup)
        try issue("after")
        #expect(try database.clients.remove("creator", by: .program, now: .start))
        let (_, _, restored) = try restore()
        for token in ["before", "after"] {
            let origin = try #require(try restored.secrets.origin(seed: "seed-\(token)"))
            #expect(origin.creator == nil, "they ended with their client")
            #expect(origin.scopes == ["s"])
        }
    }

    @Test("The replaced database is kept complete, under an unused name")
    func replaced() throws {
        try add("before")
        try database.backUp(to: backup)
        try add("after")
        let (_, first, restored) = try restore()
        try restored.queue.close()
        let again = try DatabaseRestoration(of: backup, over: database.path, key: fixture.key)
        let second = try again.replace(keepingSecrets: false, by: author, now: .start)
        let kept = try #require(first.replaced)
        #expect(second.replaced == kept + "-2")
        let old = try ProvisionerDatabase(path: kept, key: fixture.key)
        #expect(try old.clients.list().map(\.clientId) == ["after", "before"])
        #expect(try old.clients.get("after")?.accessToken == "token-after")
        var status = stat()
        #expect(stat(database.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("It changes nothing while another process has the database open")
    func inUse() throws {
        try add("before")
        try database.backUp(to: backup)
        try add("after")
        #expect(try database.clients.list().count == 2)
        let restoration = try DatabaseRestoration(of: backup, over: database.path, key: fixture.key)
        let error = #expect(throws: StorageError.self) {
            try restoration.replace(keepingSecrets: false, by: author, now: .start, busyTimeout: 0.05)
        }
        guard case .inUse? = error else {
            Issue.record("not in use: \(String(describing: error))")
            return
        }
        #expect(try database.clients.list().count == 2)
    }

    @Test("A backup of an older program is migrated")
    func older() throws {
        try database.queue.close()
        let old = try DatabaseQueue(path: backup)
        try Schema.migrator().migrate(old, upTo: "2: nonces, refused claims")
        try old.close()
        let (_, _, restored) = try restore()
        #expect(try restored.terminations.pending().isEmpty)
    }

    @Test("A file that is no backup is refused, and leaves no copy")
    func refusals() throws {
        try add("client")
        try database.backUp(to: backup)
        func refuses(_ path: String, key: EncryptionKey? = nil, _ text: String) throws {
            let error = #expect(throws: StorageError.self) {
                _ = try DatabaseRestoration(of: path, over: database.path, key: key ?? fixture.key)
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains(text), "\(String(describing: error))")
            #expect(!FileManager.default.fileExists(atPath: database.path + ".restoring"))
        }
        try refuses(fixture.folder.file("nowhere"), "No such file")
        try refuses(fixture.folder.path, "no regular file")
        try refuses(database.path, "is the current database")
        try refuses(try fixture.folder.write("no database at all", to: "text"), "not a database")
        try refuses(try fixture.folder.write("", to: "empty"), "no database of aws-provisioner")
        try refuses(backup, key: try EncryptionKey(), "key")
        let damaged = fixture.folder.file("damaged.sqlite")
        var bytes = try Data(contentsOf: URL(filePath: backup))
        bytes.replaceSubrange(4096..<8192, with: Data(repeating: 0x5a, count: 4096))
        try bytes.write(to: URL(filePath: damaged))
        try refuses(damaged, "damaged.sqlite: ")
        let newer = try DatabaseQueue(path: backup)
        try newer.writeWithoutTransaction { db in
            try db.execute(
                sql: "INSERT INTO grdb_migrations VALUES ('99: of the future'); PRAGMA user_version = 99")
        }
        try newer.close()
        try refuses(backup, "\(backup) was changed by a newer aws-provisioner")
        #expect(try database.clients.list().map(\.clientId) == ["client"])
    }
}
