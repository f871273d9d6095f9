import Domain
import Formats
import Foundation
import TestSupport
import Testing

@testable import Taskcluster

@Suite("Unknown clients, wrong access tokens and forged certificates")
struct SameWorkTests {
    private static let seed = "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA"
    private let request = HawkRequest(method: "GET", resource: "/v1/x", host: "h", port: 80)

    /// The outcome of an authentication, and the number of MACs and look-ups that it took.
    private struct Outcome: Hashable {
        let message: String?
        let macs: Int
        let lookUps: Int
    }

    private func outcome(_ header: String?, _ request: HawkRequest? = nil) throws -> Outcome {
        var macs = 0
        var lookUps = 0
        let authenticator = LocalAuthenticator(
            now: .start, workerIssuers: [],
            client: { id in
                lookUps += 1
                return id == "known"
                    ? HawkClient(clientId: id, accessToken: "token", scopes: ["a:*"], expires: nil) : nil
            }, origin: { _ in nil }, isFirstUse: { _, _, _ in true }, onMAC: { macs += 1 })
        do {
            _ = try authenticator.caller(of: request ?? self.request, authorization: header)
            return Outcome(message: nil, macs: macs, lookUps: lookUps)
        } catch let failure as AuthenticationFailure {
            #expect(failure.challenge == nil)
            return Outcome(message: failure.message, macs: macs, lookUps: lookUps)
        }
    }

    private func header(_ id: String, key: String, ext: String? = nil, age: Int = 0) throws -> String {
        let timestamp = Int(Date.start.timeIntervalSince1970) - age
        let mac = try request.mac(key: key, timestamp: timestamp, nonce: "n", ext: ext ?? "")
        return "Hawk id=\"\(id)\", ts=\"\(timestamp)\", nonce=\"n\", mac=\"\(mac)\""
            + (ext.map { ", ext=\"\($0)\"" } ?? "")
    }

    private func certificate(_ issuer: String, key: String, name: String? = nil) throws -> (String, String) {
        let made = try TemporaryCredentials(
            issuer: issuer, accessToken: key, name: name, scopes: ["a:1"], start: .start,
            expiry: Date.start.plus(minutes: 60), seed: Self.seed)
        let ext = try JSONValue.object(["certificate": made.certificate]).serialized()
        return (made.accessToken, ext.base64EncodedString())
    }

    @Test("have the same message after the same number of MACs and look-ups, by header")
    func headers() throws {
        let restricted = Data(#"{"authorizedScopes":["a:1"]}"#.utf8).base64EncodedString()
        for ext in [nil, restricted, "e30="] {
            for age in [0, 5000] {
                let known = try outcome(try header("known", key: "wrong", ext: ext, age: age))
                let unknown = try outcome(try header("unknown", key: "wrong", ext: ext, age: age))
                #expect(known == unknown)
                #expect(known.macs == 1)
                #expect(known.message?.contains("unknown clientId, or bad mac") == true)
            }
        }
    }

    @Test("have the same message after the same number of MACs and look-ups, by certificate")
    func certificates() throws {
        var outcomes: Set<Outcome> = []
        for issuer in ["known", "unknown"] {
            let (key, ext) = try certificate(issuer, key: "wrong")
            outcomes.insert(try outcome(try header(issuer, key: key, ext: ext)))
            // The signature is valid, the MAC is not.
            let (_, other) = try certificate(issuer, key: "token")
            outcomes.insert(try outcome(try header(issuer, key: "wrong", ext: other)))
            // The MAC is valid, the signature is not.
            outcomes.insert(
                try outcome(
                    try header(
                        issuer, key: try Certificate.accessToken(seed: Self.seed, key: "token"), ext: ext)))
        }
        #expect(outcomes.count == 1)
        #expect(outcomes.first?.macs == 4)
        var named: Set<Outcome> = []
        for issuer in ["known", "unknown"] {
            let (key, ext) = try certificate(issuer, key: "wrong", name: "n")
            named.insert(try outcome(try header("n", key: key, ext: ext)))
        }
        #expect(named.count == 1)
    }

    @Test("cannot use the placeholder key of unknown clients")
    func placeholder() throws {
        // The placeholder is public: it is in the source.
        let key = "the key of a client that does not exist!"
        #expect(try outcome(try header("unknown", key: key)).message != nil)
        let (temporary, ext) = try certificate("unknown", key: key)
        #expect(try outcome(try header("unknown", key: temporary, ext: ext)).message != nil)
    }

    @Test("have the same message by bewit")
    func bewits() throws {
        let bewits = ["known", "unknown"].map { Data("\($0)\\1800000000\\mac\\".utf8).base64EncodedString() }
        let outcomes = try bewits.map { bewit in
            try outcome(
                nil, HawkRequest(method: "GET", resource: "/v1/x?bewit=" + bewit, host: "h", port: 80))
        }
        #expect(outcomes[0] == outcomes[1])
        #expect(outcomes[0].message?.contains("bad mac") == true)
    }

    @Test("are refused before ext is parsed, and ext is parsed to a depth of 8")
    func depth() throws {
        func ext(depth: Int) -> String {
            let value = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
            return Data("{\"x\":\(value)}".utf8).base64EncodedString()
        }
        #expect(try outcome(try header("known", key: "token", ext: ext(depth: 8))).message == nil)
        let deep = try outcome(try header("known", key: "token", ext: ext(depth: 9)))
        #expect(deep.message == "ext is not the base64 of a JSON object")
        #expect(deep.macs == 1, "the MAC is verified first")
        #expect(try outcome(try header("unknown", key: "wrong", ext: ext(depth: 9))).macs == 1)
    }
}
