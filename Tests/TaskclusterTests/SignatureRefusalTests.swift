import Domain
import Formats
import Foundation
import TestSupport
import Testing

@testable import Taskcluster

/// Requests with a correct MAC that are refused for another reason.
@Suite("A correctly signed request")
struct SignatureRefusalTests {
    private let now = Date.start
    private let request = HawkRequest(method: "POST", resource: "/v1/x", host: "h", port: 80)

    private func refusal(_ header: String) throws -> String? {
        let authenticator = LocalAuthenticator(
            now: now, workerIssuers: [],
            client: { id in
                let expires: Date? = id == "expired" ? .start : nil
                return HawkClient(clientId: id, accessToken: "token", scopes: ["*"], expires: expires)
            }, origin: { _ in nil }, isFirstUse: { _, _, _ in true })
        do {
            _ = try authenticator.caller(of: request, authorization: header)
            return nil
        } catch let failure as AuthenticationFailure {
            return failure.message
        }
    }

    private func header(
        id: String = "known", key: String = "token", secondsAhead: Int = 0, ext: JSONValue? = nil
    ) throws -> String {
        let timestamp = Int(now.timeIntervalSince1970) + secondsAhead
        let ext = try ext.map { try $0.serialized().base64EncodedString() } ?? ""
        let mac = try request.mac(key: key, timestamp: timestamp, nonce: "n", ext: ext)
        return "Hawk id=\"\(id)\", ts=\"\(timestamp)\", nonce=\"n\", mac=\"\(mac)\", ext=\"\(ext)\""
    }

    @Test("is refused with an attribute twice, although the values are equal")
    func attributeTwice() throws {
        let header = try header(ext: [:])
        #expect(try refusal(header) == nil)
        #expect(try refusal(header + ", id=\"known\"") == "Authorization header has id twice")
        #expect(try refusal(header + ", nonce=\"n\"") == "Authorization header has nonce twice")
    }

    @Test("is refused from a clock that is more than a quarter of an hour ahead, or behind")
    func skew() throws {
        for seconds in [-900, 900] { #expect(try refusal(header(secondsAhead: seconds, ext: [:])) == nil) }
        for seconds in [-901, 901] {
            #expect(try refusal(header(secondsAhead: seconds, ext: [:])) == "stale timestamp")
        }
    }

    @Test("is refused with temporary credentials of a client that has expired")
    func expiredIssuer() throws {
        func temporary(_ issuer: String) throws -> String? {
            let made = try TemporaryCredentials(
                issuer: issuer, accessToken: "token", scopes: ["a:1"], start: now.addingTimeInterval(-60),
                expiry: now.addingTimeInterval(3600), seed: "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA")
            return try refusal(
                header(id: issuer, key: made.accessToken, ext: ["certificate": made.certificate]))
        }
        #expect(try temporary("known") == nil)
        #expect(try temporary("expired") == "the client has expired")
    }
}
