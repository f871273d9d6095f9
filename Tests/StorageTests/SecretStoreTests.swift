import Formats
import Foundation
import TestSupport
import Testing

@testable import Domain
@testable import Storage

@Suite("Secrets of clients")
struct SecretStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }
    private let team = Author("team", by: "api")

    init() throws {
        fixture = try StorageFixture()
        let client = ClientRecord(
            clientId: "team", scopes: ["x"], expires: nil, description: "", createdAt: .start)
        #expect(try fixture.database.clients.add(client, accessToken: "t", by: .program))
    }

    private func create(_ token: String) throws -> SecretStore.Creation {
        try database.secrets.create(
            token: token, workerType: "alpha",
            content: SecretContent(secrets: ["a": "planted"], scopes: ["x"]),
            expires: .start.plus(minutes: 5), creator: "team", by: team, now: .start)
    }

    @Test("Creation and removal are recorded with author and worker type, without the token")
    func audit() throws {
        #expect(try create("planted-token") == .created)
        #expect(try create("planted-token") == .same)
        try database.secrets.remove(
            token: "planted-token", by: Author("anonymous", by: "api"), now: .start.plus(minutes: 1))
        try database.secrets.remove(token: "planted-token", by: team, now: .start)
        let entries = try database.audit.entries(workerType: "alpha")
        #expect(entries.map(\.action) == [.created, .removed])
        #expect(entries.map(\.kind) == [.secret, .secret])
        #expect(entries.map(\.author.name) == ["team", "anonymous"])
        #expect(Set(entries.map(\.subject)).count == 1)
        #expect(!"\(entries)".contains("planted"))
        try fixture.store("l1")
        try database.secrets.remove(token: "token", by: team, now: .start)
        #expect(try database.audit.entries().last?.note == "of launch l1")
    }

    @Test("The removal of a client ends its secrets and the credentials from them")
    func removal() throws {
        #expect(try create("fetched") == .created)
        #expect(try create("waiting") == .created)
        let certificate = IssuedCertificate(seed: "seed", expires: .start.plus(minutes: 60))
        #expect(try database.secrets.take(token: "fetched", now: .start, issuing: certificate) != nil)
        let origin = try #require(try database.secrets.origin(seed: "seed"))
        #expect(origin.creator == "team")
        #expect(origin.scopes == ["x"])
        #expect(try database.clients.remove("team", by: .program, now: .start))
        #expect(try database.secrets.take(token: "waiting", now: .start) == nil)
        // A new client of the same name does not have them.
        let again = ClientRecord(
            clientId: "team", scopes: ["x"], expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.add(again, accessToken: "t", by: .program))
        #expect(try database.secrets.take(token: "waiting", now: .start) == nil)
        let ended = try #require(try database.secrets.origin(seed: "seed"))
        #expect(ended.creator == nil)
        #expect(
            try database.secrets.recordInstanceStarted(token: "waiting", instanceId: "i-1", now: .start)
                == .recorded)
    }

    @Test("A secret is returned only while its creator has the scopes, and stays otherwise")
    func entitlement() throws {
        #expect(try create("t") == .created)
        let refused = try database.secrets.take(token: "t", now: .start) { client, scopes in
            #expect(client?.clientId == "team")
            #expect(scopes == ["x"])
            return false
        }
        #expect(refused == nil)
        #expect(try database.secrets.take(token: "t", now: .start) != nil)
    }

    @Test("Credentials of launches have no creator")
    func launches() throws {
        try fixture.store("l1")
        let certificate = IssuedCertificate(seed: "seed", expires: .start.plus(minutes: 60))
        #expect(
            try database.secrets.take(
                token: "token", now: .start, issuing: certificate, isEntitled: { _, _ in false }) != nil)
        #expect(try database.secrets.origin(seed: "seed") == nil)
    }

    @Test("An expired secret is replaced, also before it is purged")
    func expired() throws {
        #expect(try create("t") == .created)
        #expect(try database.secrets.take(token: "t", now: .start) != nil)
        #expect(try create("t") == .spent)
        let later = Date.start.plus(minutes: 61)
        #expect(
            try database.secrets.create(
                token: "t", workerType: "alpha", content: SecretContent(secrets: [:], scopes: []),
                expires: later.plus(minutes: 60), by: .program, now: later) == .created)
    }

    @Test("Expired secrets and credentials are deleted")
    func purge() throws {
        #expect(try create("t") == .created)
        let certificate = IssuedCertificate(seed: "seed", expires: .start.plus(minutes: 60))
        #expect(try database.secrets.take(token: "t", now: .start, issuing: certificate) != nil)
        try database.secrets.purgeExpired(now: .start.plus(minutes: 61))
        #expect(try database.secrets.origin(seed: "seed") != nil, "clocks may differ")
        try database.secrets.purgeExpired(now: .start.plus(minutes: 121))
        #expect(try database.secrets.origin(seed: "seed") == nil)
    }
}
