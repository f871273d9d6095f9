import API
import CGI
import Domain
import Formats
import Foundation
import GRDB
import Storage
import Taskcluster
import TestSupport
import Testing

@Suite("The API's router")
struct RouterTests {
    private static let token = APIFixture.token

    private let fixture: APIFixture
    private let router: Router
    private var database: ProvisionerDatabase { fixture.database }

    init() throws {
        fixture = try APIFixture(issuerScopes: ["*"], busyTimeout: 0.05)
        router = fixture.router()
        _ = try fixture.database.secrets.create(
            token: Self.token, workerType: "alpha", content: SecretContent(secrets: ["a": 1], scopes: []),
            expires: Date.start.addingTimeInterval(3600), by: .program, now: .start)
    }

    private func ask(_ method: String, _ path: String) -> CGIResponse {
        router.immediate(
            CGIRequest(
                environment: ["REQUEST_METHOD": method, "PATH_INFO": "/v1" + path], trustProxy: false),
            readBody: { _ in [] })
    }

    @Test("answers 503 with Retry-After while another process writes, loses nothing, and goes on reading")
    func busy() throws {
        let writer = try DatabaseQueue(path: database.path)
        try writer.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            defer { try? db.execute(sql: "ROLLBACK") }
            for (method, path) in [
                ("GET", "/secret/" + Self.token), ("DELETE", "/secret/" + Self.token),
                ("GET", "/instance-started/i-0123456789abcdef0/" + Self.token),
            ] {
                let answer = ask(method, path)
                #expect(answer.status == 503)
                #expect(answer.headers.contains { $0.name == "Retry-After" })
                #expect(String(decoding: answer.body, as: UTF8.self).contains("ServiceUnavailable"))
            }
            #expect(ask("GET", "/list-worker-types").status == 200)
            #expect(ask("GET", "/list-worker-type-summaries").status == 200)
        }
        #expect(fixture.logged.all.isEmpty, "an incident")
        #expect(ask("GET", "/secret/" + Self.token).status == 200)
    }

    @Test("does not report a worker type as missing whose definition cannot be read")
    func unreadable() throws {
        _ = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        try DatabaseQueue(path: database.path).write { db in
            try db.execute(sql: "UPDATE worker_types SET definition = '{'")
        }
        for path in ["/worker-type/alpha", "/state/alpha"] { #expect(ask("GET", path).status == 500) }
        #expect(ask("GET", "/state/beta").status == 404)
    }

    @Test("believes what a proxy says of host, port and scheme only where that is set")
    func proxies() throws {
        let timestamp = Int(Date.start.timeIntervalSince1970)
        let signed = HawkRequest(
            method: "DELETE", resource: "/v1/worker-type/alpha", host: "public.example", port: 443)
        let mac = try signed.mac(key: ClientStore.issuer, timestamp: timestamp, nonce: "n")
        let environment = [
            "REQUEST_METHOD": "DELETE", "PATH_INFO": "/v1/worker-type/alpha", "HTTP_HOST": "inside:8080",
            "HTTP_X_FORWARDED_HOST": "public.example, inside", "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_AUTHORIZATION":
                "Hawk id=\"\(ClientStore.issuer)\", ts=\"\(timestamp)\", nonce=\"n\", mac=\"\(mac)\"",
        ]
        for (trust, status) in [(true, 204), (false, 401)] {
            let request = CGIRequest(environment: environment, trustProxy: trust)
            #expect(router.immediate(request, readBody: { _ in [] }).status == status)
        }
    }

    @Test("takes no HEAD where a GET is good once: its answer would be lost")
    func head() {
        for path in ["/secret/" + Self.token, "/instance-started/i-0123456789abcdef0/" + Self.token] {
            let answer = ask("HEAD", path)
            #expect(answer.status == 405)
            #expect(answer.headers.contains { $0.name == "Allow" && !$0.value.contains("HEAD") })
        }
        #expect(ask("HEAD", "/list-worker-types").status == 200)
        #expect(ask("GET", "/secret/" + Self.token).status == 200)
    }
}
