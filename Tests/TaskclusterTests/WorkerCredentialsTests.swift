import Domain
import Formats
import Foundation
import TestSupport
import Testing

@testable import Taskcluster

@Suite("Credentials of workers")
struct WorkerCredentialsTests {
    private static let seed = "AAAAAAAAQAKAAAAAAAAAAABBBBBBBBQBKBBBBBBBBBBA"
    private let request = HawkRequest(method: "GET", resource: "/v1/x", host: "h", port: 80)

    private func refusal(
        scopes: [String], name: String? = nil, authorized: [String]? = nil, issuerScopes: [String] = ["*"],
        origin: CredentialsOrigin? = nil, clients: [HawkClient] = []
    ) throws -> String? {
        let authenticator = LocalAuthenticator(
            now: .start, workerIssuers: ["issuer"],
            client: { id in
                id == "issuer"
                    ? HawkClient(clientId: id, accessToken: "token", scopes: issuerScopes, expires: nil)
                    : clients.first { $0.clientId == id }
            }, origin: { $0 == Self.seed ? origin : nil }, isFirstUse: { _, _, _ in true })
        let made = try TemporaryCredentials(
            issuer: "issuer", accessToken: "token", name: name, scopes: scopes, start: .start,
            expiry: Date.start.plus(minutes: 60), seed: Self.seed)
        var members: JSONObject = ["certificate": made.certificate]
        if let authorized { members["authorizedScopes"] = .array(authorized.map(JSONValue.string)) }
        let ext = try JSONValue.object(members).serialized().base64EncodedString()
        let timestamp = Int(Date.start.timeIntervalSince1970)
        let mac = try request.mac(key: made.accessToken, timestamp: timestamp, nonce: "n", ext: ext)
        do {
            let caller = try authenticator.caller(
                of: request,
                authorization:
                    "Hawk id=\"\(name ?? "issuer")\", ts=\"\(timestamp)\", nonce=\"n\", mac=\"\(mac)\", ext=\"\(ext)\""
            )
            #expect(!caller.scopes.satisfy("aws-provisioner:manage-worker-type:x"))
            #expect(caller.permanentClientId == "issuer")
            return nil
        } catch let failure as AuthenticationFailure {
            return failure.message
        }
    }

    @Test("are accepted with the scopes of workers")
    func good() throws {
        #expect(try refusal(scopes: ["assume:worker-type:p/alpha", "assume:worker-id:*", "a:b"]) == nil)
        #expect(try refusal(scopes: ["assume:*"], authorized: ["assume:worker-id:x"]) == nil)
        #expect(try refusal(scopes: ["aws-provisioner", "aws-provisions:x", "b*"]) == nil)
    }

    @Test(
        "are refused with any scope that satisfies one of the provisioner's API, also by a pattern",
        arguments: [
            "*", "a*", "aws-*", "aws-provisioner*", "aws-provisioner:*",
            "aws-provisioner:manage-worker-type:*",
            "aws-provisioner:create-secret:x", "aws-provisioner:",
        ])
    func provisionerScopes(scope: String) throws {
        #expect(try refusal(scopes: ["assume:worker-id:*", scope])?.contains("must not have") == true)
        #expect(try refusal(scopes: [scope], name: "n/1") != nil)
        #expect(try refusal(scopes: [scope], authorized: ["assume:worker-id:x"]) != nil)
        #expect(Scopes.coversProvisioner(scope))
    }

    @Test("are refused when the issuer no longer has their scopes")
    func narrowed() throws {
        #expect(try refusal(scopes: ["a:b"], issuerScopes: ["assume:worker-id:*"]) != nil)
        #expect(
            try refusal(scopes: ["assume:worker-id:x"], issuerScopes: ["assume:worker-id:*"]) == nil)
    }

    @Test("are refused after the creator of the secret is removed, expires or loses the scopes")
    func creator() throws {
        func creator(_ scopes: [String], expires: Date? = nil) -> [HawkClient] {
            [HawkClient(clientId: "creator", accessToken: "x", scopes: scopes, expires: expires)]
        }
        let origin = CredentialsOrigin(clientId: "creator", scopes: ["a:b"])
        let scopes = ["assume:worker-id:*", "a:b"]
        #expect(try refusal(scopes: scopes, origin: origin, clients: creator(["a:*"])) == nil)
        #expect(
            try refusal(scopes: scopes, origin: origin, clients: creator(["a:*"], expires: .start)) != nil)
        #expect(try refusal(scopes: scopes, origin: origin, clients: creator(["b:*"])) != nil)
        #expect(try refusal(scopes: scopes, origin: origin) != nil)
        let removed = CredentialsOrigin(clientId: nil, scopes: [])
        #expect(try refusal(scopes: scopes, origin: removed, clients: creator(["a:*"])) != nil)
    }
}
