import Domain
import Formats
import Foundation
import Taskcluster
import TestSupport
import Testing

@Suite("Hawk")
struct HawkTests {
    let key = "no-secret-key-but-44-characters-long-please-1"

    @Test("a signed request has the documented hash and MAC")
    func withPayload() throws {
        let request = HawkRequest(
            method: "post", resource: "/api/aws-provisioner/v1/worker-type/alpha/update?x=1",
            host: "provisioner.example", port: 8080)
        let hash = try HawkRequest.payloadHash(contentType: "application/json", body: Array("{\"a\":1}".utf8))
        #expect(hash == "qKG2AtsqLMhIdy7+OrxWG0bU8wTDncYSW0gmNukAKpI=")
        #expect(
            try request.mac(
                key: key, timestamp: 1_700_000_000, nonce: "Ygvqdz", hash: hash,
                ext: "eyJhdXRob3JpemVkU2NvcGVzIjpbImE6KiJdfQ==")
                == "LISIAMQVwO0S7/KZFoYgHbV0adlWPIHrfX1nl+MmymI=")
    }

    @Test("a URL gives the same MAC as its parts")
    func fromURL() throws {
        let request = try #require(
            HawkRequest(method: "GET", url: "https://provisioner.example/api/aws-provisioner/v1/ping"))
        #expect(
            try request.mac(key: key, timestamp: 1_700_000_000, nonce: "j4h3g2")
                == "CPrcKYwDrXlM8VdGNly3Z+Yh0myDNZ040vRjZ8Fci8s=")
    }
}

@Suite("Scopes")
struct ScopesTests {
    @Test("are covered by equal scopes, and by a prefix with a star")
    func satisfaction() {
        let scopes = Scopes(["a:b", "c:*"])
        #expect(scopes.satisfy("a:b"))
        #expect(!scopes.satisfy("a:bc"))
        #expect(scopes.satisfy("c:anything"))
        #expect(scopes.satisfy("c:d*"))
        #expect(scopes.satisfy("c:*"))
        #expect(!scopes.satisfy("c*"))
        #expect(!scopes.satisfy("c"))
        #expect(!Scopes(["a:b"]).satisfy("a:*"))
        #expect(Scopes(["*"]).satisfy("*"))
        #expect(!Scopes([]).satisfy("x"))
        #expect(Scopes(["a:*"]).missing(of: ["a:1", "b:1"]) == ["b:1"])
    }
}

@Suite("Temporary credentials")
struct TemporaryCredentialsTests {
    private let scopes = ["assume:worker-id:*", "assume:worker-type:aws-provisioner-v1/alpha"]

    private func make(name: String?) throws -> TemporaryCredentials {
        try TemporaryCredentials(
            issuer: "issuer", accessToken: "issuer-token-0123456789", name: name, scopes: scopes,
            start: Date(timeIntervalSince1970: 1_767_225_600),
            expiry: Date(timeIntervalSince1970: 1_767_571_200),
            seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
    }

    @Test("have the documented access token and signatures")
    func vectors() throws {
        let plain = try make(name: nil)
        #expect(plain.clientId == "issuer")
        #expect(plain.accessToken == "t7Qdm-eYLLAaUwgid8sonj-AXjBO5LS3TVDHKUQG_mA")
        #expect(
            plain.certificate.objectValue?["signature"] == "DQHB9LL5nLMKRN2lyCHmNQNgpvEOexMxgPi09ssbTd8=")
        let named = try make(name: "worker/one")
        #expect(named.clientId == "worker/one")
        #expect(named.certificate.objectValue?["issuer"] == "issuer")
        #expect(
            named.certificate.objectValue?["signature"] == "XEXRW6OmvUeSf0krkrrU4BZxbo4DxlTwXvxEMFk9CLk=")
    }
}

@Suite("Authentication of requests")
struct AuthenticationTests {
    private let now = Date.start
    private let request = HawkRequest(method: "POST", resource: "/v1/x", host: "h", port: 80)

    private func authenticator(firstUse: Bool = true) -> LocalAuthenticator {
        LocalAuthenticator(
            now: now, workerIssuers: [],
            client: { id in
                switch id {
                case "known":
                    HawkClient(
                        clientId: id, accessToken: "token", scopes: ["a:*", "auth:create-client:n/*"],
                        expires: nil)
                case "expired":
                    HawkClient(clientId: id, accessToken: "token", scopes: ["*"], expires: .start)
                default: nil
                }
            }, origin: { _ in nil }, isFirstUse: { _, _, _ in firstUse })
    }

    /// The message of the failure; nil for an accepted request.
    private func refusal(
        _ header: String?, _ request: HawkRequest? = nil, firstUse: Bool = true
    ) throws -> AuthenticationFailure? {
        do {
            _ = try authenticator(firstUse: firstUse).caller(
                of: request ?? self.request, authorization: header)
            return nil
        } catch let failure as AuthenticationFailure {
            return failure
        }
    }

    private func header(
        id: String = "known", key: String = "token", timestamp: Int? = nil, ext: JSONValue? = nil,
        request: HawkRequest? = nil
    ) throws -> String {
        let timestamp = timestamp ?? Int(now.timeIntervalSince1970)
        let ext = try ext.map { try $0.serialized().base64EncodedString() } ?? ""
        let mac = try (request ?? self.request).mac(key: key, timestamp: timestamp, nonce: "n", ext: ext)
        return "Hawk id=\"\(id)\", ts=\"\(timestamp)\", nonce=\"n\", "
            + (ext.isEmpty ? "" : "ext=\"\(ext)\", ") + "mac=\"\(mac)\""
    }

    @Test("A request without credentials is anonymous, with the anonymous scope only")
    func anonymous() throws {
        let caller = try authenticator().caller(of: request, authorization: nil)
        #expect(caller.clientId == nil)
        #expect(caller.scopes.patterns == ["assume:anonymous"])
    }

    @Test("A valid signature has the client's scopes")
    func good() throws {
        let caller = try authenticator().caller(of: request, authorization: try header())
        #expect(caller.clientId == "known")
        #expect(caller.scopes.satisfy("a:x"))
    }

    @Test("Wrong keys, unknown and expired clients, other requests and replays are refused")
    func refusals() throws {
        #expect(try refusal(try header(key: "wrong")) != nil)
        #expect(try refusal(try header(id: "unknown")) != nil)
        #expect(try refusal(try header(id: "expired")) != nil)
        for other in [
            HawkRequest(method: "PUT", resource: "/v1/x", host: "h", port: 80),
            HawkRequest(method: "POST", resource: "/v1/x?y=1", host: "h", port: 80),
            HawkRequest(method: "POST", resource: "/v1/x", host: "g", port: 80),
            HawkRequest(method: "POST", resource: "/v1/x", host: "h", port: 81),
        ] { #expect(try refusal(try header(), other)?.message.contains("bad mac") == true) }
        #expect(try refusal(try header(), firstUse: false)?.message.contains("replayed") == true)
    }

    @Test("A clock may differ by 15 minutes; beyond that the challenge contains the time")
    func skew() throws {
        let seconds = Int(now.timeIntervalSince1970)
        #expect(try refusal(try header(timestamp: seconds - 900)) == nil)
        #expect(try refusal(try header(timestamp: seconds + 900)) == nil)
        let stale = try refusal(try header(timestamp: seconds - 901))
        #expect(stale?.challenge?.contains("ts=\"\(seconds)\", tsm=\"") == true)
    }

    @Test(
        "Headers that are no Hawk headers are refused",
        arguments: [
            "Basic abc", "Hawk", "Hawk id=\"known\"", "Hawk id=known", "Hawk id=\"a\", id=\"b\"",
            "Hawk colour=\"red\"", "Hawk id=\"a\" ts=\"x\" nonce=\"n\" mac=\"m\"", "Hawk id=\"a\"ts=\"1\"",
            "Hawk id=\"a\\\"\"", "Hawk =\"\"", "hawk " + String(repeating: "x", count: 5000),
            "Hawk id=\"é\", ts=\"1\", nonce=\"n\", mac=\"m\"",
            "Hawk id=\"known\", ts=\"99999999999999999999\", nonce=\"n\", mac=\"m\"",
            "Hawk id=\"known\", ts=\"+1700000000\", nonce=\"n\", mac=\"m\"",
            "Hawk id=\"two words\", ts=\"1700000000\", nonce=\"n\", mac=\"m\"",
        ])
    func malformed(header: String) throws {
        #expect(try refusal(header) != nil)
    }

    @Test(
        "Attributes that the service does not support are refused, beside a valid MAC as well",
        arguments: ["app=\"a\"", "dlg=\"d\"", "dlg=\"\"", "payload=\"p\""])
    func unknownAttributes(attribute: String) throws {
        let failure = try refusal(try header() + ", " + attribute)
        #expect(failure?.message.contains("unknown attribute") == true)
    }

    @Test("authorizedScopes restrict the scopes, and must not exceed those of the client")
    func restricted() throws {
        let good = try header(ext: ["authorizedScopes": ["a:1"]])
        #expect(
            try authenticator().caller(of: request, authorization: good).scopes.patterns
                == ["a:1", "assume:anonymous"])
        #expect(try refusal(try header(ext: ["authorizedScopes": ["b:1"]])) != nil)
        #expect(try refusal(try header(ext: ["authorizedScopes": "a:1"])) != nil)
    }

    private func certificate(
        name: String? = nil, scopes: [String] = ["a:1"], start: Double = -60, life: Double = 3600,
        change: JSONObject = [:]
    ) throws -> (key: String, ext: JSONValue) {
        let made = try TemporaryCredentials(
            issuer: "known", accessToken: "token", name: name, scopes: scopes,
            start: now.addingTimeInterval(start), expiry: now.addingTimeInterval(start + life),
            seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
        let changed = (made.certificate.objectValue ?? [:]).merging(
            change, uniquingKeysWith: { _, new in new })
        return (made.accessToken, ["certificate": .object(changed)])
    }

    @Test("Temporary credentials have the lifetime and the scopes of their certificate")
    func temporary() throws {
        func check(
            _ made: (key: String, ext: JSONValue), id: String = "known"
        ) throws -> AuthenticationFailure? {
            try refusal(try header(id: id, key: made.key, ext: made.ext))
        }
        #expect(try check(certificate()) == nil)
        #expect(try check(certificate(name: "n/1"), id: "n/1") == nil)
        #expect(try check(certificate(name: "m/1"), id: "m/1") != nil, "the issuer may not make such clients")
        #expect(try check(certificate(name: "n/1"), id: "n/2") != nil)
        #expect(try check(certificate(scopes: ["b:1"])) != nil, "the issuer has no such scope")
        #expect(try check(certificate(start: 301)) != nil)
        #expect(try check(certificate(start: -3901)) != nil)
        #expect(try check(certificate(life: 32 * 86_400)) != nil)
        for change: JSONObject in [
            ["scopes": ["a:*"]], ["expiry": 99_999_999_999_999], ["seed": "short"], ["version": 2],
            ["signature": "x"], ["issuer": "known"], ["clientId": "x"], ["start": "now"], ["extra": 1],
            ["expiry": .number(1e300)],
        ] { #expect(try check(certificate(change: change)) != nil, "\(change)") }
    }

    @Test(
        "The parts of a bewit have the alphabet of the header",
        arguments: [
            "kn\0own\\1800000000\\mac\\", "known\\1800000000\\mac\\\0", "kn\"own\\1800000000\\mac\\",
            "known\\1800000000\\mac\\e\\xt", "knöwn\\1800000000\\mac\\", "known\\1800000000\\mac\\é",
            "known\\+1800000000\\mac\\", "a b\\1800000000\\mac\\", "kn\nown\\1800000000\\mac\\",
        ])
    func bewitAlphabet(text: String) throws {
        let bewit = Data(text.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
        let get = HawkRequest(method: "GET", resource: "/v1/x?bewit=" + bewit, host: "h", port: 80)
        #expect(try refusal(nil, get)?.message == "the bewit is malformed")
    }

    @Test("A bewit is valid for one resource by GET until it expires")
    func bewit() throws {
        func link(expiry: Int, resource: String = "/v1/x?y=1") throws -> String {
            let get = HawkRequest(method: "GET", resource: resource, host: "h", port: 80)
            let mac = try get.mac(.bewit, key: "token", timestamp: expiry, nonce: "")
            let text = Data("known\\\(expiry)\\\(mac)\\".utf8).base64EncodedString()
                .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            return resource + "&bewit=" + text
        }
        let seconds = Int(now.timeIntervalSince1970)
        func get(_ resource: String, _ method: String = "GET") -> HawkRequest {
            HawkRequest(method: method, resource: resource, host: "h", port: 80)
        }
        let good = try link(expiry: seconds + 10)
        #expect(try refusal(nil, get(good)) == nil)
        #expect(try refusal(nil, get(good, "HEAD")) == nil)
        #expect(try refusal(nil, get(good, "POST")) != nil)
        #expect(try refusal("Hawk id=\"x\"", get(good)) != nil)
        #expect(try refusal(nil, get(good.replacingOccurrences(of: "y=1", with: "y=2"))) != nil)
        #expect(try refusal(nil, get(try link(expiry: seconds))) != nil)
        for text in ["", "%%%", "YQ", "YVxiXGNcZA"] {
            #expect(try refusal(nil, get("/v1/x?bewit=" + text)) != nil)
        }
        #expect(try refusal(nil, get(good + "&bewit=YQ"))?.message.contains("multiple") == true)
    }
}
