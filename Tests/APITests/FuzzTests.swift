import API
import CGI
import Domain
import Formats
import Foundation
import Storage
import Taskcluster
import TestSupport
import Testing

@Suite("The API's router, fed with mutations")
struct FuzzTests {
    private static let token = APIFixture.token

    /// Requests that mean something, to begin with.
    private static let seeds: [(environment: [String: String], body: String)] = [
        ("GET", "/ping", ""), ("GET", "/worker-type/alpha", ""), ("GET", "/list-worker-type-summaries", ""),
        ("PUT", "/worker-type/alpha", definition), ("POST", "/worker-type/alpha/update", definition),
        ("DELETE", "/worker-type/beta", ""), ("GET", "/state/alpha", ""),
        ("GET", "/worker-type/alpha/launch-specifications", ""), ("GET", "/backend-status", ""),
        (
            "PUT", "/secret/" + token,
            #"{"workerType":"alpha","secrets":{"a":[1,{}]},"scopes":["x"],"token":"\#(token)","expiration":"2023-11-20T00:00:00.000Z"}"#
        ),
        ("GET", "/secret/" + token, ""), ("GET", "/instance-started/i-0123456789abcdef0/" + token, ""),
    ].map { method, path, body in
        (
            [
                "REQUEST_METHOD": method, "PATH_INFO": "/api/aws-provisioner/v1" + path,
                "REQUEST_URI": "/api/aws-provisioner/v1" + path, "HTTP_HOST": "provisioner.test:8080",
                "CONTENT_TYPE": body.isEmpty ? "" : "application/json", "QUERY_STRING": "",
                "SCRIPT_NAME": "", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "443",
            ], body
        )
    }

    private static let definition = String(
        decoding: (try? WorkerTypeDefinition.sample(secrets: ["p": "secret"]).json.serialized()) ?? Data(),
        as: UTF8.self)

    @Test("answers a form that is documented and never fails; FUZZ_RUNS sets how often it is tried")
    func mutations() async throws {
        let fixture = try APIFixture(issuerScopes: ["*"])
        let router = fixture.router()
        var random = SystemRandomNumberGenerator()
        let runs = ProcessInfo.processInfo.environment["FUZZ_RUNS"].flatMap { Int($0) } ?? 5000
        for _ in 0..<runs {
            let seed = Self.seeds.randomElement(using: &random) ?? Self.seeds[0]
            let input = try mutate(seed, &random)
            let request = CGIRequest(environment: input.environment, trustProxy: .random(using: &random))
            let body = input.body
            let response =
                await router.respond(request, readBody: { Array(body.prefix($0)) }).response()
            let known: Set = [200, 204, 400, 401, 403, 404, 405, 409, 413]
            #expect(known.contains(response.status), "\(response.status): \(input.environment)")
            let head = String(decoding: response.serialized(withBody: false), as: UTF8.self)
            #expect(head.hasPrefix("Status: \(response.status) ") && head.hasSuffix("\r\n\r\n"))
            if response.status >= 400 {

                #expect(try JSONValue(parsing: Data(response.body)).objectValue?["code"] != nil)
            }
        }
        #expect(fixture.logged.all.isEmpty, "an incident")
    }

    /// A request with some of its bytes changed, half of them signed as they are then.
    private func mutate(
        _ seed: (environment: [String: String], body: String), _ random: inout SystemRandomNumberGenerator
    ) throws -> (environment: [String: String], body: [UInt8]) {
        var environment = seed.environment
        var body = Array(seed.body.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            if Bool.random(using: &random) {
                change(&body, &random)
            } else if let name = environment.keys.sorted().randomElement(using: &random) {
                var bytes = Array((environment[name] ?? "").utf8)
                change(&bytes, &random)
                environment[name] = String(decoding: bytes, as: UTF8.self)
            }
        }
        environment["CONTENT_LENGTH"] =
            Int.random(in: 0..<20, using: &random) == 0
            ? ["-1", "x", "99999999999999999999", "1048577", "5"].randomElement(using: &random)
            : String(body.count)
        if Bool.random(using: &random) {
            let request = HawkRequest(
                method: environment["REQUEST_METHOD"] ?? "", resource: environment["REQUEST_URI"] ?? "",
                host: "provisioner.test", port: 8080)
            let timestamp = Int(Date.start.timeIntervalSince1970)
            let nonce = String(UInt64.random(in: 0...UInt64.max, using: &random))
            let mac = try request.mac(key: ClientStore.issuer, timestamp: timestamp, nonce: nonce)
            var header = Array(
                "Hawk id=\"\(ClientStore.issuer)\", ts=\"\(timestamp)\", nonce=\"\(nonce)\", mac=\"\(mac)\""
                    .utf8)
            if Int.random(in: 0..<5, using: &random) == 0 { change(&header, &random) }
            environment["HTTP_AUTHORIZATION"] = String(decoding: header, as: UTF8.self)
        }
        return (environment, body)
    }

    private func change(_ bytes: inout [UInt8], _ random: inout SystemRandomNumberGenerator) {
        let place = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where !bytes.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1 where !bytes.isEmpty: bytes.removeSubrange(place..<min(bytes.count, place + 4))
        case 2:
            let interesting = [
                "\"", "{", "[", "\\", "/", "%00", "1e999", "-0", "null", "\r\n", "é", "..", "?bewit=YQ", ":",
            ]
            bytes.insert(contentsOf: Array((interesting.randomElement(using: &random) ?? "").utf8), at: place)
        case 3:
            bytes.insert(
                contentsOf: Array(repeating: 0x5b, count: Int.random(in: 1...600, using: &random)), at: place)
        default: bytes += bytes[place...]
        }
    }
}
