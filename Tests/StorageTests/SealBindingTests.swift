import Cryptography
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("Seals")
struct SealBindingTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws {
        fixture = try StorageFixture()
        for id in ["alice", "bob"] {
            let client = ClientRecord(
                clientId: id, scopes: [id], expires: .start, description: "", createdAt: .start)
            #expect(try fixture.database.clients.add(client, accessToken: "token of \(id)", by: .program))
        }
        try fixture.store("l1", token: "launch")
        _ = try fixture.database.secrets.create(
            token: "client", workerType: "alpha", content: SecretContent(secrets: [:], scopes: ["x"]),
            expires: .start.plus(minutes: 5), creator: "alice", by: .program, now: .start)
    }

    private func tamper(_ sql: String) throws {
        try DatabaseQueue(path: database.path).writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: sql)
            #expect(db.changesCount > 0)
        }
    }

    @Test(
        "A client's token does not open beside other scopes, another expiry or another client's name",
        arguments: [
            #"UPDATE clients SET scopes = '["*"]' WHERE client_id = 'alice'"#,
            "UPDATE clients SET expires = NULL WHERE client_id = 'alice'",
            "UPDATE clients SET expires = expires + 1 WHERE client_id = 'alice'",
            """
            UPDATE clients SET access_token = (SELECT access_token FROM clients WHERE client_id = 'bob')
            WHERE client_id = 'alice'
            """,
            """
            UPDATE clients SET (access_token, scopes) =
                (SELECT access_token, scopes FROM clients WHERE client_id = 'bob')
            WHERE client_id = 'alice'
            """,
        ])
    func clients(sql: String) throws {
        try tamper(sql)
        #expect(throws: StorageError.self) { _ = try database.clients.get("alice") }
        let changed = ClientRecord(
            clientId: "alice", scopes: ["b"], expires: nil, description: "", createdAt: .start)
        #expect(throws: StorageError.self, "an update does not seal what was tampered with") {
            _ = try database.clients.update(changed, by: .program, now: .start)
        }
        #expect(throws: StorageError.self, "nor does a secret of the client open") {
            _ = try database.secrets.take(token: "client", now: .start)
        }
        #expect(try database.clients.get("bob")?.accessToken == "token of bob")
        #expect(try database.clients.remove("alice", by: .program, now: .start))
    }

    @Test("A client's token is bound to updated scopes and expiry")
    func update() throws {
        let changed = ClientRecord(
            clientId: "alice", scopes: ["b"], expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.update(changed, by: .program, now: .start))
        let found = try #require(try database.clients.get("alice"))
        #expect(found.client == changed)
        #expect(found.accessToken == "token of alice")
    }

    @Test(
        "A secret does not open beside another worker type, launch, expiry or creator",
        arguments: [
            "UPDATE secrets SET worker_type = 'beta'", "UPDATE secrets SET expires = expires + 60000000",
            "UPDATE secrets SET launch_id = 'l2'", "UPDATE secrets SET client_id = 'bob'",
            "UPDATE secrets SET worker_type = 'beta', launch_id = NULL, client_id = NULL",
        ])
    func secrets(sql: String) throws {
        try tamper(sql)
        for token in ["launch", "client"] {
            #expect(throws: StorageError.self) {
                _ = try database.secrets.take(token: token, now: .start)
            }
        }
    }

    @Test("A secret does not open in the row of another")
    func swapped() throws {
        try tamper("UPDATE secrets SET content = (SELECT content FROM secrets WHERE client_id = 'alice')")
        #expect(throws: StorageError.self) { _ = try database.secrets.take(token: "launch", now: .start) }
        #expect(try database.secrets.take(token: "client", now: .start) != nil)
    }
}

@Suite("A database of the version before seals were bound")
struct OlderSealTests {
    private let folder: TemporaryFolder
    private let key: EncryptionKey
    private let path: String
    private let hash: Data

    init() throws {
        folder = try TemporaryFolder()
        key = try EncryptionKey()
        path = folder.file("old.sqlite")
        hash = Data(try SHA256.hash("token".utf8))
        let old = try DatabaseQueue(path: path)
        try Schema.migrator().migrate(old, upTo: "7: audit")
        let sealer = Sealer(key: key)
        let content = SecretContent(secrets: ["a": 1], scopes: ["x"])
        let (hash, place) = (hash, Array(hash).hexadecimal)
        try old.write { db in
            try db.execute(
                sql: """
                    INSERT INTO clients VALUES ('me', ?, '["a"]', NULL, '', 0);
                    INSERT INTO clients VALUES ('damaged', x'01', '["a"]', NULL, '', 0);
                    INSERT INTO secrets (token_hash, worker_type, content, content_mac, expires)
                    VALUES (?, 'alpha', ?, ?, ?);
                    INSERT INTO nonces VALUES (?, 'me', 'n')
                    """,
                arguments: [
                    try sealer.seal("planted-access", table: "clients", row: "me"), hash,
                    try sealer.seal(content, table: "secrets", row: place),
                    try sealer.authenticationCode(content), Date.start.plus(minutes: 5).milliseconds,
                    Int(Date.start.timeIntervalSince1970),
                ])
        }
        try old.close()
    }

    @Test("The migration keeps tokens, secrets and nonces, and binds them")
    func migration() throws {
        let database = try ProvisionerDatabase(path: path, key: key)
        #expect(try database.clients.get("me")?.accessToken == "planted-access")
        #expect(throws: StorageError.self) { _ = try database.clients.get("damaged") }
        #expect(
            try !database.nonces.isFirstUse(
                clientId: "me", timestamp: Int(Date.start.timeIntervalSince1970), nonce: "n", window: 900,
                now: .start))
        #expect(try database.secrets.take(token: "token", now: .start)?.content.secrets == ["a": 1])
        try DatabaseQueue(path: path).writeWithoutTransaction { db in
            try db.execute(sql: #"UPDATE clients SET scopes = '["*"]'"#)
        }
        #expect(throws: StorageError.self) { _ = try database.clients.get("me") }
    }

    @Test("Unbound seals are refused after the migration")
    func downgrade() throws {
        let old = try DatabaseQueue(path: path)
        let sealed = try old.read { db in
            try Data.fetchOne(db, sql: "SELECT access_token FROM clients WHERE client_id = 'me'")
        }
        let database = try ProvisionerDatabase(path: path, key: key)
        try old.writeWithoutTransaction { db in
            try db.execute(
                sql: #"UPDATE clients SET access_token = ?, scopes = '["*"]' WHERE client_id = 'me'"#,
                arguments: [sealed])
        }
        #expect(throws: StorageError.self) { _ = try database.clients.get("me") }
    }

    @Test("It does not change without the key, or with another key")
    func wrongKey() throws {
        #expect(throws: StorageError.self) { _ = try ProvisionerDatabase(path: path, key: nil) }
        #expect(throws: StorageError.self) {
            _ = try ProvisionerDatabase(path: path, key: try EncryptionKey())
        }
        let database = try ProvisionerDatabase(path: path, key: key)
        #expect(try database.clients.get("me")?.accessToken == "planted-access")
    }
}
