import API
import CGI
import Domain
import Formats
import Foundation
import Storage
import Taskcluster
import TestSupport
import Testing

@Suite("A caller of the API")
struct EscalationTests {
    private typealias Credentials = APIFixture.Credentials
    private static let manage = "aws-provisioner:manage-worker-type:*"
    private static let create = "aws-provisioner:create-secret:alpha"

    private let api: APIFixture

    init() throws { api = try APIFixture() }

    private func definition(
        _ scopes: [String], types: [String] = [], regions: [String] = []
    ) -> JSONValue {
        var definition = WorkerTypeDefinition.sample()
        definition.scopes = scopes
        definition.instanceTypes[0].scopes = types
        definition.regions[0].scopes = regions
        return definition.json
    }

    private func expectRefusal(_ response: CGIResponse, naming scope: String) {
        #expect(response.status == 403)
        #expect(response.json["code"] == "InsufficientScopes")
        #expect(response.text.contains(scope))
        #expect(!response.text.contains("planted"))
    }

    @Test("writes only scopes into a secret that its own scopes satisfy")
    func secrets() throws {
        try api.add("team", [Self.create, "a:b", "c:*"])
        let team = Credentials("team")
        for scope in ["*", "a:*", "a:bc", "aws-provisioner:manage-worker-type:x", "assume:worker-type:p/x"] {
            let body = APIFixture.secret(["a:b", scope])
            expectRefusal(try api.send("PUT", "/secret/" + APIFixture.token, body, as: team), naming: scope)
        }
        #expect(try api.database.secrets.workerType(token: APIFixture.token, now: .start) == nil)
        // Restricted credentials hand on what they are restricted to.
        let restricted = Credentials("team", authorizedScopes: [Self.create, "a:b"])
        expectRefusal(
            try api.send(
                "PUT", "/secret/" + APIFixture.token, APIFixture.secret(["c:d"]), as: restricted),
            naming: "c:d")
        let good = try api.send(
            "PUT", "/secret/" + APIFixture.token, APIFixture.secret(["a:b", "c:d*"]), as: team)
        #expect(good.status == 200)
    }

    @Test("creates worker types only with scopes that its own scopes satisfy, in every layer")
    func create() throws {
        try api.add("team", [Self.manage, "a:*"])
        let team = Credentials("team")
        for body in [
            definition(["a:b", "x:1"]), definition([], types: ["x:1"]), definition([], regions: ["x:1"]),
        ] { expectRefusal(try api.send("PUT", "/worker-type/alpha", body, as: team), naming: "x:1") }
        #expect(try api.database.workerTypes.names().isEmpty)
        let good = definition(["a:1"], types: ["a:2"], regions: ["a:*"])
        #expect(try api.send("PUT", "/worker-type/alpha", good, as: team).status == 200)
    }

    @Test("needs for an update only the scopes that are new")
    func update() throws {
        _ = try api.database.workerTypes.create(
            "alpha", try WorkerTypeDefinition(validating: definition(["x:*"], types: ["y:1"])), by: .program,
            now: .start)
        try api.add("team", [Self.manage, "a:*"])
        let team = Credentials("team")
        for body in [
            definition(["x:*", "z:1"]), definition(["x:*"], types: ["y:2"]), definition([], regions: ["y:*"]),
            definition(["*"]),
        ] {
            let response = try api.send("POST", "/worker-type/alpha/update", body, as: team)
            #expect(response.status == 403)
        }
        #expect(try api.database.workerTypes.get("alpha")?.definition.scopes == ["x:*"])
        // What is stored may stay, move to another layer, become narrower, and go.
        for body in [
            definition(["x:*", "a:1"], types: ["y:1"]), definition(["y:1"], regions: ["x:2"]), definition([]),
        ] {
            #expect(try api.send("POST", "/worker-type/alpha/update", body, as: team).status == 200)
        }
        expectRefusal(
            try api.send("POST", "/worker-type/alpha/update", definition(["y:1"]), as: team), naming: "y:1")
    }

    @Test("is bound by the same rules with delegated authentication")
    func delegated() async throws {
        let router = api.router(delegate: { _ in
            Caller(clientId: "team", scopes: [Self.manage, Self.create, "a:*"], hash: nil)
        })
        for (method, path, bad, good) in [
            ("PUT", "/worker-type/alpha", definition(["x:1"]), definition(["a:1"])),
            ("POST", "/worker-type/alpha/update", definition(["x:1"]), definition(["a:2"])),
            (
                "PUT", "/secret/" + APIFixture.token, APIFixture.secret(["x:1"]), APIFixture.secret(["a:1"])
            ),
        ] {
            for (body, status) in [(bad, 403), (good, 200)] {
                let (request, bytes) = try api.request(method, path, body)
                let response = await router.respond(request, readBody: { Array(bytes.prefix($0)) }).response()
                #expect(response.status == status, "\(method) \(path)")
            }
        }
        // The database does not know the client: the secret is not bound to one.
        let fetched = try api.request("GET", "/secret/" + APIFixture.token)
        #expect(await router.respond(fetched.request, readBody: { _ in [] }).response().status == 200)
    }

    /// Creates a secret as a client, and fetches it.
    private func workerCredentials(_ scopes: [String], as client: String) throws -> Credentials {
        let created = try api.send(
            "PUT", "/secret/" + APIFixture.token, APIFixture.secret(scopes), as: Credentials(client))
        #expect(created.status == 200)
        let fetched = try api.send("GET", "/secret/" + APIFixture.token)
        #expect(fetched.status == 200)
        return try Credentials(worker: fetched.json)
    }

    private func authenticates(_ credentials: Credentials) throws -> Bool {
        // It needs a scope: 403 says that the credentials hold.
        let status = try api.send("DELETE", "/worker-type/alpha", as: credentials).status
        #expect([401, 403].contains(status))
        return status == 403
    }

    @Test("gets worker credentials with the scopes that the issuer has, and a log line names the others")
    func withheld() throws {
        try api.add("team", ["*"])
        let worker = try workerCredentials(["a:b", "z:1", "aws-*", "*", "aws-provisioner:x"], as: "team")
        #expect(worker.certificateScopes == ["assume:worker-type:p/alpha", "assume:worker-id:*", "a:b"])
        #expect(try authenticates(worker))
        #expect(api.logged.all.count == 1)
        #expect(api.logged.all.first?.contains("z:1, aws-*, *, aws-provisioner:x") == true)
    }

    @Test("gets no scopes of the API from an issuer that has every scope")
    func broadIssuer() throws {
        try api.setScopes(ClientStore.issuer, ["*"])
        try api.add("team", ["*"])
        let worker = try workerCredentials(["z:1", "aws-provisioner:*"], as: "team")
        #expect(worker.certificateScopes == ["assume:worker-type:p/alpha", "assume:worker-id:*", "z:1"])
        #expect(try authenticates(worker))
    }

    @Test("does not lose a secret while the issuer lacks the scopes of workers, or has expired")
    func brokenIssuer() throws {
        try api.add("team", [Self.create, "a:*"])
        let created = try api.send(
            "PUT", "/secret/" + APIFixture.token, APIFixture.secret(["a:b"]), as: Credentials("team"))
        #expect(created.status == 200)
        try api.setScopes(ClientStore.issuer, ["assume:worker-type:other/*", "assume:worker-id:*"])
        #expect(try api.send("GET", "/secret/" + APIFixture.token).status == 500)
        try api.setScopes(ClientStore.issuer, ["*"], expires: .start)
        #expect(try api.send("GET", "/secret/" + APIFixture.token).status == 500)
        #expect(api.logged.all.first?.contains("lacks assume:worker-type:p/alpha") == true)
        #expect(api.logged.all.last?.contains("has expired") == true)
        try api.setScopes(ClientStore.issuer, ["assume:worker-type:p/*", "assume:worker-id:*"])
        #expect(try api.send("GET", "/secret/" + APIFixture.token).status == 200)
    }

    @Test(
        "loses the credentials that were made from it when it ends",
        arguments: ["remove", "expire", "narrow"])
    func end(how: String) throws {
        try api.add("team", [Self.create, "a:*"])
        let worker = try workerCredentials(["a:b"], as: "team")
        let made = try TemporaryCredentials(
            issuer: "team", accessToken: "team", scopes: ["a:b"], start: .start,
            expiry: Date.start.plus(minutes: 60), seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
        let temporary = Credentials("team", key: made.accessToken, certificate: made.certificate)
        #expect(try authenticates(worker))
        #expect(try authenticates(temporary))
        switch how {
        case "remove": #expect(try api.database.clients.remove("team", by: .program, now: .start))
        case "expire": try api.setScopes("team", [Self.create, "a:*"], expires: .start)
        default: try api.setScopes("team", [Self.create])
        }
        #expect(try !authenticates(worker))
        #expect(try !authenticates(temporary))
        if how == "remove" {
            try api.add("team", [Self.create, "a:*"])
            #expect(try !authenticates(worker), "a new client of the same name is another one")
        }
    }

    @Test(
        "loses the secrets that it created and no worker fetched when it ends",
        arguments: ["remove", "expire", "narrow"])
    func unfetched(how: String) throws {
        try api.add("team", [Self.create, "a:*", "auth:create-client:team/*"])
        // Named temporary credentials of the client stand for it.
        let made = try TemporaryCredentials(
            issuer: "team", accessToken: "team", name: "team/ci", scopes: [Self.create, "a:b"], start: .start,
            expiry: Date.start.plus(minutes: 60), seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
        let named = Credentials("team/ci", key: made.accessToken, certificate: made.certificate)
        let created = try api.send(
            "PUT", "/secret/" + APIFixture.token, APIFixture.secret(["a:b"]), as: named)
        #expect(created.status == 200)
        switch how {
        case "remove": #expect(try api.database.clients.remove("team", by: .program, now: .start))
        case "expire": try api.setScopes("team", [Self.create, "a:*"], expires: .start)
        default: try api.setScopes("team", [Self.create])
        }
        #expect(try api.send("GET", "/secret/" + APIFixture.token).status == 404)
        #expect(try api.database.audit.entries(workerType: "alpha").first?.author.name == "team/ci")
    }

    @Test("cannot use a certificate of the issuer for the API")
    func issuerCertificates() throws {
        try api.setScopes(ClientStore.issuer, ["*"])
        for scope in ["*", "aws-*", Self.manage] {
            let made = try TemporaryCredentials(
                issuer: ClientStore.issuer, accessToken: ClientStore.issuer, scopes: [scope], start: .start,
                expiry: Date.start.plus(minutes: 60), seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
            let response = try api.send(
                "DELETE", "/worker-type/alpha",
                as: Credentials(ClientStore.issuer, key: made.accessToken, certificate: made.certificate))
            #expect(response.status == 401)
        }
    }

    @Test("is on record as the creator and the remover of a secret")
    func audit() throws {
        try api.add("team", [Self.create])
        for _ in 0..<2 {
            #expect(
                try api.send(
                    "PUT", "/secret/" + APIFixture.token, APIFixture.secret([]), as: Credentials("team")
                ).status == 200)
        }
        for _ in 0..<2 {
            #expect(try api.send("DELETE", "/secret/" + APIFixture.token).status == 204)
        }
        let entries = try api.database.audit.entries().filter { $0.kind == .secret }
        #expect(entries.map { "\($0.action) \($0.author.name)" } == ["created team", "removed anonymous"])
        #expect(entries.allSatisfy { $0.workerType == "alpha" })
    }
}
