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
        #expect(try fixture.database.clients.add(client, accessToken: "t"))
    }

    private func create(_ token: String) throws -> SecretStore.Creation {
        try database.secrets.create(
            token: token, workerType: "alpha",
            content: SecretContent(secrets: ["a": "planted"], scopes: ["x"]),
            expires: .start.plus(minutes: 5), creator: "team", by: team, now: .start)
    }

    @Test("are on record when they are created and removed, with caller and worker type, without their token")
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

    @Test("end with the client: those that were not fetched, and the credentials of those that were")
    func removal() throws {
        #expect(try create("fetched") == .created)
        #expect(try create("waiting") == .created)
        let certificate = IssuedCertificate(seed: "seed", expires: .start.plus(minutes: 60))
        #expect(try database.secrets.take(token: "fetched", now: .start, issuing: certificate) != nil)
        let origin = try #require(try database.secrets.origin(seed: "seed"))
        #expect(origin.creator == "team")
        #expect(origin.scopes == ["x"])
        #expect(try database.clients.remove("team", now: .start))
        #expect(try database.secrets.take(token: "waiting", now: .start) == nil)
        // A new client of the same name does not take them over.
        let again = ClientRecord(
            clientId: "team", scopes: ["x"], expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.add(again, accessToken: "t"))
        #expect(try database.secrets.take(token: "waiting", now: .start) == nil)
        let ended = try #require(try database.secrets.origin(seed: "seed"))
        #expect(ended.creator == nil)
        #expect(
            try database.secrets.recordInstanceStarted(token: "waiting", instanceId: "i-1", now: .start)
                == .recorded)
    }

    @Test("are handed out only while their creator is entitled to them, and stay where they are otherwise")
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

    @Test("of launches have no origin")
    func launches() throws {
        try fixture.store("l1")
        let certificate = IssuedCertificate(seed: "seed", expires: .start.plus(minutes: 60))
        #expect(
            try database.secrets.take(
                token: "token", now: .start, issuing: certificate, isEntitled: { _, _ in false }) != nil)
        #expect(try database.secrets.origin(seed: "seed") == nil)
    }

    @Test("are forgotten with their credentials once these have expired")
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
