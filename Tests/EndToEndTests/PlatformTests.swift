import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The platforms of worker types")
struct PlatformTests {
    private static let windows = "ami-12c6146b"
    private static let linux = "ami-760aaa0f"

    private func definition(image: String) -> WorkerTypeDefinition {
        var definition = WorkerTypeDefinition.sample(types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)])
        definition.regions[0].launchSpec["ImageId"] = .string(image)
        return definition
    }

    /// An EC2 whose cheapest pool of Windows is the most expensive one of Linux.
    private func deployment() async throws -> Deployment {
        let deployment = try await Deployment(regions: ["us-east-1"])
        let control: JSONValue = [
            "platforms": [Self.windows: "Windows", Self.linux: "Linux/UNIX"],
            "prices": [
                "Linux/UNIX": ["c5.xlarge": 0.1, "m5.xlarge": 0.12],
                "Windows": ["c5.xlarge": 0.3, "m5.xlarge": 0.2],
            ],
        ]
        try await deployment.ec2.control(String(decoding: try control.serialized(), as: UTF8.self))
        return deployment
    }

    private func bought(_ report: JSONObject) -> [String: String] {
        report.list("bids").reduce(into: [:]) { $0[$1.text("workerType") ?? ""] = $1.text("instanceType") }
    }

    @Test("select the pools by their own prices, and are read once")
    func prices() async throws {
        let deployment = try await deployment()
        try await deployment.apply("linux", definition(image: Self.linux))
        try await deployment.apply("win", definition(image: Self.windows))
        try await deployment.setPending(["linux": 1, "win": 1])
        #expect(bought(try await deployment.iterate()) == ["linux": "c5.xlarge", "win": "m5.xlarge"])
        for _ in 1...2 { #expect(bought(try await deployment.iterate()).isEmpty) }
        let calls = try JSONValue(parsing: Data(try await deployment.ec2.control("{}").utf8)).objectValue
        #expect(calls?["calls"]?.objectValue?["DescribeImages"] == 1)
        let status = try await deployment.run("status").output
        #expect(status.contains("spending about 0.3000 USD/h"), "\(status)")

        let explained = try await deployment.run("explain", "win")
        #expect(explained.output.contains("platform of us-east-1: Windows (image \(Self.windows))"))
        let document = try JSONValue(
            parsing: Data(try await deployment.run("explain", "win", "--json").output.utf8)
        ).objectValue
        #expect(
            document?["platforms"] == [
                [
                    "region": "us-east-1", "platform": "windows", "source": "image",
                    "image": .string(Self.windows), "resolvedImage": .string(Self.windows),
                    "platformDetails": "Windows",
                ]
            ])
    }

    @Test("may be set by name, and an image that EC2 does not describe counts as Linux/UNIX")
    func unknownImage() async throws {
        var deployment = try await deployment()
        try await deployment.apply("alpha", definition(image: "ami-00000001"))
        try await deployment.apply("win", definition(image: "ami-00000001"))
        deployment.environment["AWS_PROVISIONER_PLATFORMS"] = "win*=windows"
        try await deployment.setPending(["alpha": 1, "win": 1])
        let report =
            try JSONValue(
                parsing: Data(try await deployment.run("iterate", "--dry-run", "--json").output.utf8)
            ).objectValue ?? [:]
        #expect(bought(report) == ["alpha": "c5.xlarge", "win": "m5.xlarge"])
        #expect(
            report.texts("warnings") == [
                "us-east-1: EC2 does not describe the image ami-00000001, so that the prices of Linux/UNIX apply: correct "
                    + "the ImageId, or set the platform of its worker types with the setting platforms"
            ])
    }
}
