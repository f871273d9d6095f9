import API
import CGI
import Cryptography
import Domain
import Formats
import Foundation
import GRDB
import Storage
import Synchronization
import Taskcluster
import TestSupport
import Testing

@Suite("The API's router, asked by attackers")
struct HostileRequestTests {
    private static let token = "AAAAAAAAQAKAAAAAAAAAAA"

    private let fixture: APIFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws {
        fixture = try APIFixture()
        try fixture.add("manager", ["aws-provisioner:manage-worker-type:*", "worker:*", "a:*"])
        try fixture.add("unknown", [])
    }

    private struct Answer {
        let status: Int
        let code: String
        let message: String
        let bodyReads: Int
    }

    /// - Parameter length: as it is announced, where that is not the body's own.
    private func ask(
        _ method: String, _ path: String, client: String? = "manager", ext: String? = nil,
        body: String = "", length: Int? = nil
    ) throws -> Answer {
        var environment = [
            "REQUEST_METHOD": method, "PATH_INFO": "/v1" + path, "REQUEST_URI": "/v1" + path,
            "HTTP_HOST": "p:80", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": String(length ?? body.utf8.count),
        ]
        if let client {
            let request = HawkRequest(method: method, resource: "/v1" + path, host: "p", port: 80)
            let timestamp = Int(Date.start.timeIntervalSince1970)
            let nonce = UUID().uuidString
            let mac = try request.mac(key: client, timestamp: timestamp, nonce: nonce, ext: ext ?? "")
            environment["HTTP_AUTHORIZATION"] =
                "Hawk id=\"\(client)\", ts=\"\(timestamp)\", nonce=\"\(nonce)\", mac=\"\(mac)\""
                + (ext.map { ", ext=\"\($0)\"" } ?? "")
        }
        let reads = Mutex(0)
        let response = fixture.router().immediate(CGIRequest(environment: environment, trustProxy: false)) {
            _ in
            reads.withLock { $0 += 1 }
            return Array(body.utf8)
        }
        #expect(fixture.logged.all.isEmpty, "an incident")
        let answer = try JSONValue(parsing: response.body).objectValue
        return Answer(
            status: response.status, code: answer?["code"]?.stringValue ?? "",
            message: answer?["message"]?.stringValue ?? "", bodyReads: reads.withLock { $0 })
    }

    @Test("get 400 for a deeply nested body, with the place at which reading ended")
    func nestedBody() throws {
        let answer = try ask(
            "PUT", "/secret/" + Self.token, client: nil, body: #"{"a":"# + HostileJSON.nested(490) + "}")
        #expect(answer.status == 400)
        #expect(answer.code == "MalformedPayload")
        #expect(
            answer.message.hasPrefix(
                "The payload is not JSON: line 1, column 69: nested deeper than 64 levels\n"))
    }

    @Test("get 400 for any body of a hostile shape")
    func shapes() throws {
        for (name, text) in HostileJSON.shapes(size: 50_000) {
            let answer = try ask("PUT", "/worker-type/alpha", body: text)
            #expect(answer.status == 400, "\(name)")
            // Objects of many members are JSON, and no definition.
            let isJSON = ["wide object", "names of combining marks"].contains(name)
            #expect(answer.code == (isJSON ? "InputValidationError" : "MalformedPayload"), "\(name)")
        }
    }

    @Test("get 413 for a body over 1 MiB, which is not read")
    func largeBody() throws {
        for client in ["manager", nil] {
            let answer = try ask("PUT", "/worker-type/alpha", client: client, length: (1 << 20) + 1)
            #expect(answer.status == 413)
            #expect(answer.code == "InputTooLarge")
            #expect(answer.bodyReads == 0)
        }
    }

    @Test("get 403 before a body is read where the path names the scope")
    func scopeFirst() throws {
        for client in ["unknown", nil] {
            for (method, path) in [
                ("PUT", "/worker-type/alpha"), ("POST", "/worker-type/alpha/update"),
                ("DELETE", "/worker-type/alpha"),
            ] {
                let answer = try ask(method, path, client: client, body: "{")
                #expect(answer.status == 403)
                #expect(answer.bodyReads == 0)
            }
        }
        let secret = try ask("PUT", "/secret/" + Self.token, client: "unknown", body: #"{"workerType":"a"}"#)
        #expect(secret.status == 403)
        #expect(secret.bodyReads == 1)
        #expect(secret.message.contains("aws-provisioner:create-secret:a"))
    }

    @Test("get 401 for a deeply nested ext")
    func nestedExt() throws {
        let text = #"{"certificate":"# + HostileJSON.nested(1400) + "}"
        let answer = try ask("DELETE", "/worker-type/alpha", ext: Data(text.utf8).base64EncodedString())
        #expect(answer.status == 401)
    }

    @Test("cannot store a definition that makes every other request slow")
    func bombs() throws {
        let many = WorkerTypeDefinition.sample(
            types: (0..<300).map { ("c\($0).large", 1, 1) }, regions: (0..<300).map { "r-\($0)" })
        let pools = try ask("PUT", "/worker-type/alpha", body: text(many.json))
        #expect(pools.code == "InputError")
        #expect(pools.message.contains("make 90000 pools; at most 2000 are allowed"))
        var deep = WorkerTypeDefinition.sample()
        deep.userData = ["a": try JSONValue(parsing: HostileJSON.nested(60).utf8)]
        #expect(try ask("PUT", "/worker-type/alpha", body: text(deep.json)).code == "InputError")
        var large = WorkerTypeDefinition.sample()
        large.owner = String(repeating: "a", count: 257)
        #expect(try ask("PUT", "/worker-type/alpha", body: text(large.json)).code == "InputValidationError")
        #expect(try database.workerTypes.names().isEmpty)
    }

    @Test("get launch specifications of bounded size")
    func launchSpecifications() throws {
        // Each scope is in the specification of each of 2,000 pools.
        var wide = WorkerTypeDefinition.sample(
            types: (0..<200).map { ("c\($0).large", 1, 1) }, regions: (0..<10).map { "r-\($0)" })
        wide.scopes = (0..<2000).map { "worker:cache:\($0)" }
        #expect(try ask("PUT", "/worker-type/alpha", body: text(wide.json)).status == 200)
        let answer = try ask("GET", "/worker-type/alpha/launch-specifications", client: nil)
        #expect(answer.status == 400)
        #expect(answer.code == "InputError")
        #expect(answer.message.hasPrefix("The launch specifications of this worker type have more than"))
        wide.scopes = []
        #expect(try ask("POST", "/worker-type/alpha/update", body: text(wide.json)).status == 200)
        #expect(try ask("GET", "/worker-type/alpha/launch-specifications", client: nil).status == 200)
    }

    @Test("cannot hide other worker types behind one that an earlier version stored")
    func storedBomb() throws {
        for name in ["alpha", "beta"] {
            _ = try database.workerTypes.create(name, .sample(), by: .program, now: .start)
        }
        let old = WorkerTypeDefinition.sample(
            types: (0..<300).map { ("c\($0).large", 1, 1) }, regions: (0..<300).map { "r-\($0)" })
        for (text, status) in [(HostileJSON.nested(490), 500), (try text(old.json), 400)] {
            try DatabaseQueue(path: database.path).write { db in
                try db.execute(
                    sql: "UPDATE worker_types SET definition = ? WHERE name = 'alpha'", arguments: [text])
            }
            #expect(try ask("GET", "/list-worker-type-summaries", client: nil).status == 200)
            #expect(try ask("GET", "/worker-type/beta", client: nil).status == 200)
            if status == 400 {
                let answer = try ask("GET", "/worker-type/alpha/launch-specifications", client: nil)
                #expect(answer.status == 400)
            }
        }
        #expect(
            try ask("POST", "/worker-type/alpha/update", body: text(WorkerTypeDefinition.sample().json))
                .status == 200)
    }

    private func text(_ value: JSONValue) throws -> String {
        String(decoding: try value.serialized(), as: UTF8.self)
    }
}
