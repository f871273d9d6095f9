import Domain
import Formats
import Foundation
import TestSupport
import Testing

/// The checks that concern the setup: user, names of settings, managed regions, repeated reasons.
extension DoctorTests {
    @Test("names its user if root starts it, former names of settings, and unmanaged regions")
    func setup() async throws {
        var deployment = try await Deployment(regions: ["us-east-1"])
        deployment.environment["AWS_PROVISIONER_CHECK_IN_URL"] = "https://example.com"
        try await deployment.apply("alpha", .sample(regions: ["us-east-1", "eu-west-1"]))
        let found = try await checks(deployment, expecting: 0)
        #expect(found["environment"]?.1.contains("use AWS_PROVISIONER_HEARTBEAT_URL") == true)
        #expect(found["unmanaged regions"]?.1.contains("eu-west-1 (alpha)") == true)
        #expect((found["user"] != nil) == (geteuid() == 0))
    }

    @Test("shows a reason once, and refers to it")
    func repeatedReason() async throws {
        var deployment = try await Deployment()
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
            deployment.environment[name] = nil
        }
        deployment.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        let shown = try await deployment.run("doctor")
        #expect(shown.status == 78)
        #expect(shown.output.contains(try Regex("region us-east-1 +failed +see ")), "\(shown.output)")
        let reasons = shown.output.matches(of: /AWS_EC2_METADATA_DISABLED/)
        #expect(reasons.count <= 1, "\(shown.output)")
    }
}
