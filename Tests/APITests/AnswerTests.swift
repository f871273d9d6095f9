import API
import CGI
import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Answers of the API")
struct AnswerTests {
    private let api: APIFixture

    init() throws {
        api = try APIFixture()
        try api.add("team", ["aws-provisioner:*"])
    }

    @Test(
        "below the aliases of the documents are documents, however the web server cuts the path",
        arguments: ["/references", "/schemas"],
        ["/v1/list-worker-types", "/api/aws-provisioner/v1/ping", "/ping"])
    func documents(folder: String, path: String) {
        for variables in [
            ["SCRIPT_NAME": folder, "PATH_INFO": path], ["PATH_INFO": folder + path],
            ["SCRIPT_NAME": "/root" + folder, "PATH_INFO": path], ["REQUEST_URI": folder + path],
            ["SCRIPT_NAME": "/cgi-bin/x", "PATH_INFO": path, "REQUEST_URI": folder + path],
        ] {
            let environment = variables.merging(["REQUEST_METHOD": "GET"]) { first, _ in first }
            let response = api.router().immediate(
                CGIRequest(environment: environment, trustProxy: false), readBody: { _ in [] })
            #expect(response.status == 404, "\(variables)")
        }
    }

    @Test("are documents at their own paths")
    func reference() {
        for (folder, path) in [
            ("/references", "/aws-provisioner/v1/api.json"), ("/references", "/manifest.json"),
            ("/schemas", "/aws-provisioner/v1/worker-type-summary.json"),
        ] {
            for variables in [
                ["SCRIPT_NAME": folder, "PATH_INFO": path], ["PATH_INFO": folder + path],
                ["REQUEST_URI": folder + path + "?x"],
            ] {
                let environment = variables.merging(["REQUEST_METHOD": "GET"]) { first, _ in first }
                let response = api.router().immediate(
                    CGIRequest(environment: environment, trustProxy: false), readBody: { _ in [] })
                #expect(response.status == 200, "\(variables)")
            }
        }
    }

    @Test("do not show the values of misspelt members, which may be secrets")
    func misspelt() throws {
        let team = APIFixture.Credentials("team")
        let secret: JSONValue = [
            "workerType": "alpha", "secret": ["p": "planted"], "Secrets": "planted",
            "secrets": ["p": "planted"],
            "scopes": [], "token": .string(APIFixture.token), "tokens": "planted",
            "expiration": ["p": "planted"],
        ]
        let refused = try api.send("PUT", "/secret/" + APIFixture.token, secret, as: team)
        #expect(refused.status == 400)
        #expect(!refused.text.contains("planted"))
        #expect(!refused.text.contains(APIFixture.token))
        let payload = refused.json["requestInfo"]?.objectValue?["payload"]?.objectValue
        #expect(payload?["workerType"] == "alpha")
        #expect(payload?["secret"] == "<secret>")

        var definition = try #require(WorkerTypeDefinition.sample().json.objectValue)
        definition["secert"] = ["p": "planted"]
        definition["userData"] = ["shown": "shown-value", "secrets": ["p": "planted"]]
        for layer in ["instanceTypes", "regions"] {
            var parts = try #require(definition[layer]?.arrayValue)
            var part = try #require(parts[0].objectValue)
            part["Secrets"] = ["p": "planted"]
            parts[0] = .object(part)
            definition[layer] = .array(parts)
        }
        definition["availabilityZones"] = [["region": "us-east-1", "scopes": "planted"]]
        let other = try api.send("PUT", "/worker-type/alpha", .object(definition), as: team)
        #expect(other.status == 400)
        #expect(!other.text.contains("planted"))
        #expect(other.text.contains("shown-value"))
    }

    @Test("with a secret take no ranges; none is sniffed for another type")
    func headers() throws {
        #expect(
            try api.send(
                "PUT", "/secret/" + APIFixture.token, APIFixture.secret([]),
                as: APIFixture.Credentials("team")
            ).status == 200)
        let response = try api.send("GET", "/secret/" + APIFixture.token)
        #expect(response.headers.contains { $0.name == "Accept-Ranges" && $0.value == "none" })
        let head = String(
            decoding: response.serialized(withBody: false, common: CGIResponse.common), as: UTF8.self)
        #expect(head.contains("X-Content-Type-Options: nosniff\r\n"))
        #expect(head.contains("Access-Control-Allow-Origin: *\r\n"))
    }
}
