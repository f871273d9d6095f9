import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Images of SSM parameters")
struct ImageParameterTests {
    private static let image = "ami-760aaa0f"

    private func definition(_ reference: String) -> WorkerTypeDefinition {
        var definition = WorkerTypeDefinition.sample()
        definition.regions[0].launchSpec["ImageId"] = .string(reference)
        return definition
    }

    private func deployment() async throws -> Deployment {
        let deployment = try await Deployment(regions: ["us-east-1"])
        for (name, value) in [("/images/worker", Self.image), ("/images/text", "no image")] {
            try await deployment.aws(
                "put_parameter", ["Name": .string(name), "Value": .string(value), "Type": "String"],
                service: "ssm")
        }
        return deployment
    }

    /// Stores a worker type with the check of its images.
    private func apply(_ reference: String, to deployment: Deployment) async throws -> Command {
        let text = String(decoding: try definition(reference).json.serialized(), as: UTF8.self)
        return try await deployment.run(
            "worker-type", "apply", deployment.folder.write(text, to: "alpha.json"))
    }

    @Test("are checked when a definition is stored")
    func check() async throws {
        let deployment = try await deployment()
        let missing = try await apply("resolve:ssm:/images/other", to: deployment)
        #expect(missing.status != 0)
        #expect(missing.errors.contains("us-east-1 has no SSM parameter /images/other"), "\(missing.errors)")
        let text = try await apply("resolve:ssm:/images/text", to: deployment)
        #expect(text.errors.contains("us-east-1: the SSM parameter /images/text contains no image id"))
        let stored = try await apply("resolve:ssm:/images/worker:1", to: deployment)
        #expect(stored.status == 0, "\(stored.errors)")
        let policy = try await deployment.run("doctor", "--iam-policy").output
        #expect(policy.contains("\"ssm:GetParameters\""))
        #expect(policy.contains("arn:aws:ssm:*:*:parameter/images/worker\""))
    }

    @Test("are launched, and explain shows the image that they refer to")
    func launch() async throws {
        let deployment = try await deployment()
        try await deployment.apply("alpha", definition("resolve:ssm:/images/worker"))
        try await deployment.setPending(["alpha": 1])
        #expect(try await deployment.iterate().list("bids").map { $0.text("outcome") } == ["launched"])
        let instance = try #require(try await deployment.instances(region: "us-east-1").first)
        #expect(instance.text("ImageId") == Self.image)
        let explained = try await deployment.run("explain", "alpha").output
        #expect(
            explained.contains(
                "platform of us-east-1: Linux/UNIX (image resolve:ssm:/images/worker, now \(Self.image))"),
            "\(explained)")
    }

    @Test("are resolved before a spot request")
    func spotRequest() async throws {
        var deployment = try await deployment()
        deployment.environment["AWS_PROVISIONER_REQUEST_MODE"] = "request-spot-instances"
        try await deployment.apply("alpha", definition("resolve:ssm:/images/worker"))
        try await deployment.setPending(["alpha": 1])
        _ = try await deployment.iterate()
        let requests = try await deployment.aws("describe_spot_instance_requests")
            .list("SpotInstanceRequests")
        #expect(
            requests.map { $0["LaunchSpecification"]?.objectValue?.text("ImageId") } == [Self.image])
    }
}
