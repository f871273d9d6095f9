import CGI
import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@testable import API

/// Each method of the API at the router: success, and the errors that api.md names for it.
@Suite("Each route of the API")
struct RouteTests {
    private static let token = APIFixture.token
    private static let definition = WorkerTypeDefinition.sample()
    private static let started = "/instance-started/i-0123456789abcdef0/" + token

    private let api: APIFixture

    init() throws {
        api = try APIFixture()
        try api.add("team", ["aws-provisioner:*", "worker:*"])
        try api.add("weak", ["worker:*"])
    }

    /// One request, and the response to it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let method: String
        let path: String
        var body: JSONValue?
        var client: String?
        let status: Int
        var code: String?

        var testDescription: String { "\(name): \(method) \(path) gives \(status)" }
    }

    private static func secret(_ scopes: [String] = ["worker:a"], workerType: String = "alpha") -> JSONValue {
        APIFixture.secret(scopes, workerType: workerType)
    }

    private static let cases: [Case] = reads + changes + secrets

    private static let reads: [Case] =
        [
            Case(name: "ping", method: "GET", path: "/ping", status: 200),
            Case(name: "backendStatus", method: "GET", path: "/backend-status", status: 200),
            Case(name: "listWorkerTypes", method: "GET", path: "/list-worker-types", status: 200),
            Case(
                name: "listWorkerTypeSummaries", method: "GET", path: "/list-worker-type-summaries",
                status: 200),
            Case(
                name: "listWorkerTypes", method: "POST", path: "/list-worker-types", status: 405,
                code: "MethodNotAllowed"),
            Case(
                name: "listWorkerTypes", method: "GET", path: "/list-worker-types?limit=1", status: 400,
                code: "InvalidRequestArguments"),
            Case(name: "no route", method: "GET", path: "/nothing", status: 404, code: "ResourceNotFound"),
        ]
        + ["/worker-type/", "/worker-type-last-modified/", "/state/"].flatMap { path in
            onWorkerType("GET", path)
        } + onWorkerType("GET", "/worker-type/", "/launch-specifications")

    /// A method that reads a worker type: there is one, there is none, and there can be none.
    private static func onWorkerType(_ method: String, _ path: String, _ rest: String = "") -> [Case] {
        [
            Case(name: "a worker type", method: method, path: path + "alpha" + rest, status: 200),
            Case(
                name: "no worker type", method: method, path: path + "beta" + rest, status: 404,
                code: "ResourceNotFound"),
            Case(
                name: "no name", method: method, path: path + "a.b" + rest, status: 400,
                code: "InvalidRequestArguments"),
        ]
    }

    private static let changes: [Case] = [
        Case(
            name: "createWorkerType", method: "PUT", path: "/worker-type/beta", body: definition.json,
            client: "team", status: 200),
        Case(
            name: "the same again", method: "PUT", path: "/worker-type/alpha", body: definition.json,
            client: "team", status: 200),
        Case(
            name: "another definition", method: "PUT", path: "/worker-type/alpha",
            body: WorkerTypeDefinition.sample(maxCapacity: 7).json, client: "team", status: 409,
            code: "RequestConflict"),
        Case(
            name: "no client", method: "PUT", path: "/worker-type/beta", body: definition.json, status: 403,
            code: "InsufficientScopes"),
        Case(
            name: "no scope", method: "PUT", path: "/worker-type/beta", body: definition.json, client: "weak",
            status: 403, code: "InsufficientScopes"),
        Case(
            name: "unknown client", method: "PUT", path: "/worker-type/beta", body: definition.json,
            client: "unknown", status: 401, code: "AuthenticationFailed"),
        Case(
            name: "another form", method: "PUT", path: "/worker-type/beta", body: ["maxCapacity": "many"],
            client: "team", status: 400, code: "InputValidationError"),
        Case(
            name: "no capacity", method: "PUT", path: "/worker-type/beta",
            body: WorkerTypeDefinition.sample(minCapacity: 9, maxCapacity: 7).json, client: "team",
            status: 400,
            code: "InputError"),
        Case(
            name: "updateWorkerType", method: "POST", path: "/worker-type/alpha/update",
            body: WorkerTypeDefinition.sample(maxCapacity: 7).json, client: "team", status: 200),
        Case(
            name: "update of none", method: "POST", path: "/worker-type/beta/update", body: definition.json,
            client: "team", status: 404, code: "ResourceNotFound"),
        Case(
            name: "update without scope", method: "POST", path: "/worker-type/alpha/update",
            body: definition.json, client: "weak", status: 403, code: "InsufficientScopes"),
        Case(
            name: "removeWorkerType", method: "DELETE", path: "/worker-type/alpha", client: "team",
            status: 204),
        Case(
            name: "removal of none", method: "DELETE", path: "/worker-type/beta", client: "team", status: 204),
        Case(
            name: "removal without scope", method: "DELETE", path: "/worker-type/alpha", client: "weak",
            status: 403, code: "InsufficientScopes"),
    ]

    private static let other = "BBBBBBBBQBKBBBBBBBBBBA"

    private static let secrets: [Case] = [
        Case(
            name: "createSecret", method: "PUT", path: "/secret/" + token, body: secret(), client: "team",
            status: 200),
        Case(
            name: "another secret", method: "PUT", path: "/secret/" + token, body: secret(["worker:b"]),
            client: "team", status: 409, code: "RequestConflict"),
        Case(
            name: "scopes that the client lacks", method: "PUT", path: "/secret/" + token,
            body: secret(["b"]),
            client: "team", status: 403, code: "InsufficientScopes"),
        Case(
            name: "a client without scope", method: "PUT", path: "/secret/" + token, body: secret(),
            client: "weak", status: 403, code: "InsufficientScopes"),
        Case(
            name: "another form", method: "PUT", path: "/secret/" + token, body: [:], client: "team",
            status: 400, code: "InputValidationError"),
        Case(
            name: "no token", method: "PUT", path: "/secret/short", body: secret(), client: "team",
            status: 400,
            code: "InvalidRequestArguments"),
        Case(name: "getSecret", method: "GET", path: "/secret/" + token, status: 200),
        Case(
            name: "no secret", method: "GET", path: "/secret/" + other, status: 404, code: "ResourceNotFound"),
        Case(
            name: "no HEAD", method: "HEAD", path: "/secret/" + token, status: 405, code: "MethodNotAllowed"),
        Case(name: "instanceStarted", method: "GET", path: started, status: 204),
        Case(
            name: "no token of an instance", method: "GET",
            path: "/instance-started/i-0123456789abcdef0/" + other, status: 404, code: "ResourceNotFound"),
        Case(
            name: "no instance", method: "GET", path: "/instance-started/x-1/" + token, status: 400,
            code: "InvalidRequestArguments"),
        Case(name: "removeSecret", method: "DELETE", path: "/secret/" + token, status: 204),
        Case(name: "removal of no secret", method: "DELETE", path: "/secret/" + other, status: 204),
    ]

    @Test("gives the documented status and code", arguments: cases)
    func response(to request: Case) throws {
        let team = APIFixture.Credentials("team")
        #expect(try api.send("PUT", "/worker-type/alpha", Self.definition.json, as: team).status == 200)
        #expect(try api.send("PUT", "/secret/" + Self.token, Self.secret(), as: team).status == 200)
        let (asked, body) = try api.request(
            request.method, request.path, request.body, as: request.client.map { APIFixture.Credentials($0) })
        let router = api.router(
            issuer: (clientId: ClientStore.issuer, accessToken: ClientStore.issuer))
        let response = router.immediate(asked, readBody: { Array(body.prefix($0)) })
        #expect(response.status == request.status, "\(response.text)")
        #expect(response.json["code"]?.stringValue == request.code)
        #expect(api.logged.all.allSatisfy { !$0.contains("incident") })
    }

    @Test("is in the table of requests, with a success")
    func complete() throws {
        for route in Route.all {
            #expect(
                Self.cases.contains { request in
                    request.status < 300 && request.method == route.method && route.match(request.path) != nil
                }, "\(route.name)")
        }
    }

    @Test("refuses an instance that uses the token of another one")
    func otherInstance() throws {
        let team = APIFixture.Credentials("team")
        #expect(try api.send("PUT", "/secret/" + Self.token, Self.secret(), as: team).status == 200)
        #expect(try api.send("GET", Self.started).status == 204)
        let other = try api.send("GET", "/instance-started/i-0123456789abcdef1/" + Self.token)
        #expect(other.status == 403)
    }

    @Test("is in the reference, byte for byte as in Golden/api.json")
    func reference() throws {
        let request = CGIRequest(
            environment: ["REQUEST_METHOD": "GET", "PATH_INFO": "/references/aws-provisioner/v1/api.json"],
            trustProxy: false)
        let response = api.router().immediate(request, readBody: { _ in [] })
        #expect(response.status == 200)
        let difference = try GoldenFile("api.json").difference(from: response.text)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
