import Auth
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
