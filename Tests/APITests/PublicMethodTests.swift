import API
import CGI
import Domain
import Formats
import Foundation
import Storage
import Synchronization
import Taskcluster
import TestSupport
import Testing

@Suite("Public methods of the API")
struct PublicMethodTests {
    private static let secret = "planted"
    private let api: APIFixture

    init() throws {
        api = try APIFixture()
        try api.add("team", ["aws-provisioner:*", "worker:*"])
        try api.add("viewer", ["aws-provisioner:view-worker-type:alpha"])
        try api.add("other", ["aws-provisioner:view-worker-type:beta", "queue:*"])
        try api.add("expired", ["aws-provisioner:*"], expires: .start.plus(minutes: -1))
        var definition = WorkerTypeDefinition.sample(secrets: ["general": .string(Self.secret)])
        definition.instanceTypes[0].secrets = ["type": .string(Self.secret)]
        definition.regions[0].secrets = ["region": ["nested": .string(Self.secret)]]
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1a", launchSpec: [:],
                secrets: ["zone": .string(Self.secret)])
        ]
        _ = try api.database.workerTypes.create("alpha", definition, by: .program, now: .start)
        _ = try api.database.workerTypes.create("beta", .sample(), by: .program, now: .start)
    }

    private static let paths = [
        "/list-worker-type-summaries", "/worker-type-last-modified/alpha", "/worker-type/alpha",
        "/list-worker-types", "/worker-type/alpha/launch-specifications", "/state/alpha", "/backend-status",
        "/ping",
    ]

    /// Credentials that authenticate no client of the database.
    private static let invalid: [APIFixture.Credentials] = [
        .init("unknown"), .init("expired"), .init("team", key: "wrong"),
        .init("team", certificate: ["version": 1]), .init("team", authorizedScopes: ["aws-provisioner:*"]),
    ]

    @Test("answer callers with invalid credentials as anonymous callers", arguments: paths, 0..<4)
    func invalidCredentials(path: String, index: Int) throws {
        let anonymous = try api.send("GET", path)
        let signed = try api.send("GET", path, as: Self.invalid[index])
        #expect(signed.status == 200)
        if !path.contains("launch-specifications") { #expect(signed.text == anonymous.text) }
        #expect(!signed.text.contains(Self.secret))
    }

    @Test("show no secret to anonymous callers and to clients without the scope", arguments: paths)
    func planted(path: String) throws {
        for credentials in [nil, APIFixture.Credentials("other")] {
            let response = try api.send("GET", path, as: credentials)
            #expect(response.status == 200)
            #expect(!response.text.contains(Self.secret), "\(path)")
        }
    }

    @Test(
        "show the values of secrets to clients that may view or manage the worker type",
        arguments: ["viewer", "team"], ["/worker-type/alpha", "/worker-type/alpha/launch-specifications"])
    func entitled(client: String, path: String) throws {
        #expect(try api.send("GET", path, as: .init(client)).text.contains(Self.secret))
        let anonymous = try api.send("GET", path)
        #expect(anonymous.text.contains("<secret>"))
    }

    @Test("call no auth service, except where the answer has secrets")
    func delegated() async throws {
        let calls = Mutex(0)
        let router = api.router(delegate: { _ in
            calls.withLock { $0 += 1 }
            throw AuthenticationUnavailable("the auth service is down")
        })
        for path in Self.paths + ["/worker-type/beta", "/worker-type/beta/launch-specifications"] {
            let (request, _) = try api.request("GET", path, as: .init("team"))
            let response = await router.respond(request, readBody: { _ in [] }).response()
            #expect(response.status == 200, "\(path)")
            #expect(!response.text.contains(Self.secret))
        }
        #expect(calls.withLock { $0 } == 2)
    }

    @Test("give a definition that can be stored again, with the values of its secrets")
    func roundTrip() throws {
        var document = try api.send("GET", "/worker-type/alpha").json
        document["workerType"] = nil
        document["lastModified"] = nil
        document["maxCapacity"] = 7
        let updated = try api.send(
            "POST", "/worker-type/alpha/update", .object(document), as: .init("team"))
        #expect(updated.status == 200, "\(updated.text)")
        let stored = try #require(try api.database.workerTypes.get("alpha")?.definition)
        #expect(stored.maxCapacity == 7)
        #expect(stored.secrets == ["general": .string(Self.secret)])
        #expect(stored.regions[0].secrets == ["region": ["nested": .string(Self.secret)]])
        let again = try api.send("PUT", "/worker-type/alpha", .object(document), as: .init("team"))
        #expect(again.status == 200, "\(again.text)")
    }

    @Test("refuse a placeholder without a stored value")
    func unknownPlaceholder() throws {
        let definition = WorkerTypeDefinition.sample(secrets: ["new": "<secret>"])
        for (method, path) in [("PUT", "/worker-type/gamma"), ("POST", "/worker-type/beta/update")] {
            let response = try api.send(method, path, definition.json, as: .init("team"))
            #expect(response.status == 400)
            #expect(response.text.contains("secrets.new"))
        }
    }

    @Test("of a secret that was fetched or removed refuse the same secret with that reason")
    func spent() throws {
        let team = APIFixture.Credentials("team")
        func create(minutes: Double = 60) throws -> CGIResponse {
            var body = APIFixture.secret([]).objectValue ?? [:]
            body["expiration"] = .string(Date.start.plus(minutes: minutes).timestamp)
            return try api.send("PUT", "/secret/" + APIFixture.token, .object(body), as: team)
        }
        #expect(try create().status == 200)
        #expect(try create(minutes: 90).status == 200, "the expiration is not compared")
        #expect(try api.send("GET", "/secret/" + APIFixture.token).status == 200)
        let fetched = try create()
        #expect(fetched.status == 409 && fetched.text.contains("fetched or removed"))
        #expect(try api.send("DELETE", "/secret/" + APIFixture.token).status == 204)
        #expect(try create().status == 409)
        let started = try api.send("GET", "/instance-started/i-0123456789abcdef0/" + APIFixture.token)
        #expect(started.status == 404, "a removed token is unknown")
    }

    @Test("accept no secret of a client for the token of a launch, also after its removal")
    func launchToken() throws {
        try api.storeLaunch(token: APIFixture.token)
        let team = APIFixture.Credentials("team")
        func create() throws -> Int {
            try api.send("PUT", "/secret/" + APIFixture.token, APIFixture.secret([]), as: team).status
        }
        #expect(try create() == 409)
        #expect(try api.send("DELETE", "/secret/" + APIFixture.token).status == 204)
        #expect(try create() == 409)
        #expect(try api.send("GET", "/secret/" + APIFixture.token).status == 404)
    }

    @Test("refuse a definition that is too large with the stored values of its placeholders")
    func size() throws {
        var definition = WorkerTypeDefinition.sample(secrets: [
            "large": .string(String(repeating: "x", count: 200_000))
        ])
        _ = try api.database.workerTypes.create("large", definition, by: .program, now: .start)
        definition = definition.hidingSecrets
        definition.secrets["new"] = .string(String(repeating: "y", count: 100_000))
        let response = try api.send("POST", "/worker-type/large/update", definition.json, as: .init("team"))
        #expect(response.status == 400)
        #expect(response.json["code"] == "InputError" && response.text.contains("at most 262144 are allowed"))
    }

    @Test("show no secret to a caller whose signed payload hash differs from the body")
    func payloadHash() throws {
        let (request, body) = try api.request("GET", "/worker-type/alpha", [:], as: .init("team"), hash: true)
        for (sent, shows) in [(Array("[]".utf8), false), (body, true)] {
            let response = api.router().immediate(request, readBody: { Array(sent.prefix($0)) })
            #expect(response.status == 200)
            #expect(response.text.contains(Self.secret) == shows)
        }
    }
}
