import Domain
import Formats
import Foundation
import HTTPTransport
import Synchronization
import Taskcluster
import TestSupport
import Testing

@Suite("Delegated authentication")
struct DelegatedAuthenticatorTests {
    private static let header = "Hawk id=\"c\", ts=\"1700000000\", nonce=\"n\", mac=\"m\""
    private static let success: JSONObject = [
        "status": "auth-success", "scheme": "hawk", "clientId": "c", "scopes": ["a:b"],
        "expires": "2100-01-01T00:00:00.000Z",
    ]

    /// The requests that reached the auth service, and the nonces that were stored.
    private final class Record: Sendable {
        let questions = Mutex(0)
        let nonces = Mutex<Set<String>>([])
    }

    private func caller(
        _ answer: JSONObject, method: String = "POST", resource: String = "/v1/x",
        authorization: String? = header, record: Record = Record()
    ) async throws -> Caller {
        let authenticator = DelegatedAuthenticator(
            now: .start, workerIssuers: ["issuer"],
            isFirstUse: { id, timestamp, nonce in
                record.nonces.withLock { $0.insert("\(id) \(timestamp) \(nonce)").inserted }
            },
            send: { _ in
                record.questions.withLock { $0 += 1 }
                return HTTPResponse(
                    status: 200, headers: [:], body: Array(try JSONValue.object(answer).serialized()))
            })
        return try await authenticator.caller(
            of: HawkRequest(method: method, resource: resource, host: "h", port: 80),
            authorization: authorization, sourceIp: nil)
    }

    private func success(_ changes: JSONObject) -> JSONObject {
        Self.success.merging(changes, uniquingKeysWith: { _, new in new })
    }

    @Test("uses the clientId and scopes of the response")
    func good() async throws {
        let caller = try await caller(Self.success)
        #expect(caller.clientId == "c")
        #expect(caller.permanentClientId == nil)
        #expect(caller.scopes.patterns == ["a:b", "assume:anonymous"])
    }

    @Test("accepts each signed request once, unless it only reads")
    func replay() async throws {
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let record = Record()
            _ = try await caller(Self.success, method: method, record: record)
            #expect(record.nonces.withLock { $0 } == ["c 1700000000 n"])
            await #expect(throws: AuthenticationFailure.self) {
                _ = try await caller(Self.success, method: method, record: record)
            }
        }
        let record = Record()
        for _ in 0..<2 { _ = try await caller(Self.success, method: "GET", record: record) }
        #expect(record.nonces.withLock { $0 }.isEmpty)
    }

    @Test("stores no nonce of a request that the auth service refuses")
    func refusedNonce() async throws {
        let record = Record()
        await #expect(throws: AuthenticationFailure.self) {
            _ = try await caller(["status": "auth-failed", "message": "no"], record: record)
        }
        #expect(record.nonces.withLock { $0 }.isEmpty)
    }

    @Test("checks the signed hash when the response has none")
    func hash() async throws {
        let hashed = Self.header + ", hash=\"h\""
        #expect(try await caller(Self.success, authorization: hashed).hash == "h")
        #expect(try await caller(success(["hash": "h"]), authorization: hashed).hash == "h")
        #expect(try await caller(success(["hash": "h"])).hash == "h")
        #expect(try await caller(Self.success).hash == nil)
        await #expect(throws: AuthenticationUnavailable.self) {
            _ = try await caller(success(["hash": "other"]), authorization: hashed)
        }
    }

    @Test("refuses credentials that are expired according to the response")
    func expiry() async throws {
        for expires in ["2001-01-01T00:00:00.000Z", Date.start.timestamp] {
            await #expect(throws: AuthenticationFailure.self) {
                _ = try await caller(success(["expires": .string(expires)]))
            }
        }
        for expires: JSONValue in ["soon", 1, [:]] {
            await #expect(throws: AuthenticationUnavailable.self) {
                _ = try await caller(success(["expires": expires]))
            }
        }
        #expect(try await caller(success(["expires": .null])).clientId == "c")
    }

    @Test("refuses a bewit on a mutating request without a call to the auth service")
    func bewit() async throws {
        let link = "/v1/x?bewit=" + Data("c\\1800000000\\mac\\".utf8).base64EncodedString()
        let record = Record()
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            await #expect(throws: AuthenticationFailure.self) {
                _ = try await caller(
                    Self.success, method: method, resource: link, authorization: nil, record: record)
            }
        }
        await #expect(throws: AuthenticationFailure.self) {
            _ = try await caller(Self.success, method: "GET", resource: link, record: record)
        }
        #expect(record.questions.withLock { $0 } == 0)
        #expect(
            try await caller(Self.success, method: "GET", resource: link, authorization: nil).clientId == "c")
    }

    @Test(
        "refuses headers that the service does not support without asking",
        arguments: ["Basic abc", "Hawk id=\"c\"", header + ", app=\"x\"", header + ", dlg=\"x\""])
    func headers(text: String) async throws {
        let record = Record()
        await #expect(throws: AuthenticationFailure.self) {
            _ = try await caller(Self.success, method: "GET", authorization: text, record: record)
        }
        #expect(record.questions.withLock { $0 } == 0)
    }

    @Test(
        "takes nothing from an answer with an odd clientId or odd scopes",
        arguments: [
            ["clientId": "a\u{1b}[2J"], ["clientId": "a\nb"], ["clientId": "é"], ["clientId": ""],
            ["clientId": .string(String(repeating: "c", count: 257))], ["clientId": 1],
            ["scopes": ["a", 1]], ["scopes": "a"], ["scopes": ["a\u{7f}"]], ["status": "odd"],
        ] as [JSONObject])
    func oddAnswers(change: JSONObject) async throws {
        await #expect(throws: AuthenticationUnavailable.self) { _ = try await caller(success(change)) }
    }

    @Test("refuses a request without credentials even when the auth service accepts it")
    func noCredentials() async throws {
        await #expect(throws: AuthenticationUnavailable.self) {
            _ = try await caller(Self.success, authorization: nil)
        }
        #expect(try await caller(["status": "no-auth"], authorization: nil).clientId == nil)
    }

    @Test("returns one printable line of the auth service's message")
    func refusals() async throws {
        let failure = await #expect(throws: AuthenticationFailure.self) {
            _ = try await caller(["status": "auth-failed", "message": "bad\u{1b}[2J mac\u{2028}x\r\nforged"])
        }
        #expect(failure?.message == "bad[2J mac")
    }

    @Test("refuses certificates of the workers' issuer with scopes of the provisioner's API")
    func issuer() async throws {
        func ext(_ scopes: [String], name: String? = nil) throws -> String {
            let made = try TemporaryCredentials(
                issuer: "issuer", accessToken: "token", name: name, scopes: scopes, start: .start,
                expiry: Date.start.plus(minutes: 1), seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
            let text = try JSONValue.object(["certificate": made.certificate]).serialized()
            return "Hawk id=\"\(name ?? "issuer")\", ts=\"1700000000\", nonce=\"n\", mac=\"m\", ext=\""
                + text.base64EncodedString() + "\""
        }
        for (scopes, name) in [(["aws-*"], nil), (["aws-provisioner:create-secret:x"], "n"), (["*"], "n")] {
            await #expect(throws: AuthenticationFailure.self) {
                _ = try await caller(Self.success, authorization: try ext(scopes, name: name))
            }
        }
        #expect(
            try await caller(Self.success, authorization: try ext(["assume:worker-id:*"])).clientId == "c")
    }
}
