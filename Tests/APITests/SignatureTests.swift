import API
import CGI
import Domain
import Formats
import Foundation
import HTTPTransport
import Storage
import Taskcluster
import TestSupport
import Testing

@Suite("Signed requests to the API")
struct SignatureTests {
    private let api: APIFixture

    init() throws {
        api = try APIFixture()
        try api.add("team", ["aws-provisioner:*", "worker:*"])
    }

    /// The same request twice.
    private func statuses(
        _ method: String, _ path: String, _ body: JSONValue?, _ router: Router
    ) async throws -> [Int] {
        let (request, bytes) = try api.request(method, path, body, as: APIFixture.Credentials("team"))
        var statuses: [Int] = []
        for _ in 0..<2 {
            statuses.append(
                await router.respond(request, readBody: { Array(bytes.prefix($0)) }).response().status)
        }
        return statuses
    }

    @Test("change something once: every method, with local and with delegated authentication")
    func replay() async throws {
        let database = api.database
        let delegated = api.router(delegate: { request in
            try await request.authenticate(
                by: DelegatedAuthenticator(
                    now: .start, workerIssuers: [],
                    isFirstUse: {
                        try database.nonces.isFirstUse(
                            clientId: $0, timestamp: $1, nonce: $2, window: LocalAuthenticator.skew,
                            now: .start)
                    },
                    send: { _ in
                        HTTPResponse(
                            status: 200, headers: [:],
                            body: Array(
                                #"{"status": "auth-success", "clientId": "team", "scopes": ["*"]}"#.utf8))
                    }))
        })
        let definition = WorkerTypeDefinition.sample().json
        for router in [api.router(), delegated] {
            for (method, path, body, status) in [
                ("PUT", "/worker-type/alpha", definition, 200),
                ("POST", "/worker-type/alpha/update", definition, 200),
                ("PUT", "/secret/" + APIFixture.token, APIFixture.secret([]), 200),
                ("DELETE", "/worker-type/alpha", nil, 204),
            ] as [(String, String, JSONValue?, Int)] {
                #expect(try await statuses(method, path, body, router) == [status, 401], "\(method) \(path)")
            }
        }
    }

    @Test("with a body need a payload hash where the setting says so")
    func payloadHash() async throws {
        let definition = WorkerTypeDefinition.sample().json
        let strict = api.router(requirePayloadHash: true)
        let delegated = api.router(
            requirePayloadHash: true,
            delegate: { _ in Caller(clientId: "team", scopes: ["*"], hash: nil) })
        func status(_ router: Router, hash: Bool, changed: Bool = false) async throws -> Int {
            let (request, bytes) = try api.request(
                "PUT", "/worker-type/alpha", definition, as: APIFixture.Credentials("team"), hash: hash)
            let body =
                changed ? Array(String(decoding: bytes, as: UTF8.self).replacing("5", with: "6").utf8) : bytes
            return await router.respond(request, readBody: { Array(body.prefix($0)) }).response().status
        }
        #expect(try await status(strict, hash: false) == 401)
        #expect(try await status(delegated, hash: false) == 401)
        #expect(try api.database.workerTypes.names().isEmpty)
        #expect(try await status(strict, hash: true, changed: true) == 401)
        #expect(try await status(strict, hash: true) == 200)
        #expect(try await status(api.router(), hash: false) == 200)
        let (request, _) = try api.request(
            "DELETE", "/worker-type/alpha", as: APIFixture.Credentials("team"))
        #expect(strict.immediate(request, readBody: { _ in [] }).status == 204, "there is no payload")
    }

    @Test("have the same answer for an unknown client and for a wrong access token")
    func probing() throws {
        func answer(_ id: String, _ key: String) throws -> JSONObject {
            try api.send("DELETE", "/worker-type/x", as: APIFixture.Credentials(id, key: key)).json
        }
        let known = try answer("team", "wrong")
        #expect(known == (try answer("unknown", "wrong")))
        #expect(known["code"] == "AuthenticationFailed")
    }

    @Test("with a control character in a bewit are anonymous, and are no incident")
    func bewit() throws {
        let bewit = Data("te\0am\\1800000000\\mac\\".utf8).base64EncodedString()
        let environment = [
            "REQUEST_METHOD": "GET", "PATH_INFO": "/v1/ping", "REQUEST_URI": "/v1/ping?bewit=" + bewit,
            "QUERY_STRING": "bewit=" + bewit, "HTTP_HOST": "h",
        ]
        let response = api.router().immediate(
            CGIRequest(environment: environment, trustProxy: false), readBody: { _ in [] })
        #expect(response.status == 200)
        #expect(api.logged.all.isEmpty)
    }
}
