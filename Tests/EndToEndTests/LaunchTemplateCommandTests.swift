import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Launch templates in commands and the API")
struct LaunchTemplateCommandTests {
    /// A definition with a launch template, and its text.
    private func document(_ template: String, _ own: JSONObject = [:]) throws -> (
        WorkerTypeDefinition, String
    ) {
        var definition = WorkerTypeDefinition.sample()
        definition.launchSpec = own.merging(["LaunchTemplate": ["LaunchTemplateName": .string(template)]]) {
            own, _ in
            own
        }
        return (definition, String(decoding: try definition.json.serialized(), as: UTF8.self))
    }

    private func deployment() async throws -> Deployment {
        let deployment = try await Deployment(regions: ["us-east-1"])
        try await deployment.aws(
            "create_launch_template",
            [
                "LaunchTemplateName": "interfaces",
                "LaunchTemplateData": [
                    "KeyName": "of-the-template",
                    "NetworkInterfaces": [["DeviceIndex": 0, "Groups": ["sg-1", "sg-2"]]],
                    "MetadataOptions": ["HttpTokens": "required"],
                ],
            ])
        return deployment
    }

    @Test("apply refuses conflicts and missing templates, and show prints the merged parameters")
    func commands() async throws {
        var deployment = try await deployment()
        func apply(_ template: String, _ own: JSONObject = [:]) async throws -> Command {
            let file = try deployment.folder.write(try document(template, own).1, to: "alpha.json")
            return try await deployment.run("worker-type", "apply", file)
        }
        let conflict = try await apply("interfaces", ["SecurityGroups": ["default"]])
        #expect(conflict.status == 65)
        #expect(
            conflict.errors.contains(
                "us-east-1: the launch template interfaces version $Default has network interfaces, with which EC2 "
                    + "refuses SecurityGroups"))
        let missing = try await apply("missing")
        #expect(missing.status == 65)
        #expect(missing.errors.contains("us-east-1 has no launch template missing version $Default"))
        #expect(try await apply("interfaces").status == 0)

        let shown = try await deployment.run("worker-type", "show", "alpha", "--launch-specifications")
        #expect(shown.status == 0, "\(shown.errors)")
        let launches =
            try JSONValue(parsing: Data(shown.output.utf8)).objectValue?.list("launchSpecifications") ?? []
        let launch = try #require(launches.first)
        #expect(launches.count == 1 && launch.text("region") == "us-east-1")
        let merged = try #require(launch["launchSpec"]?.objectValue)
        #expect(merged["KeyName"] == "of-the-template")
        #expect(merged["ImageId"] == "ami-12c6146b")
        #expect(merged["NetworkInterfaces"] == [["DeviceIndex": "0", "Groups": ["sg-1", "sg-2"]]])
        #expect(launch["launchTemplate"]?.objectValue?["MetadataOptions"] == ["HttpTokens": "required"])

        deployment.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        let unreachable = try await apply("interfaces")
        #expect(unreachable.status == 0, "it is stored")
        #expect(unreachable.errors.contains("note: EC2 was not asked"))
        let alone = try await deployment.run("worker-type", "show", "alpha", "--launch-specifications")
        #expect(alone.status == 0 && alone.errors.contains("shown without the launch templates"))
        deployment.environment["AWS_PROVISIONER_VALIDATE_LAUNCH"] = "false"
        #expect(try await apply("missing").status == 0)
    }

    @Test("The API refuses conflicts of a launch template")
    func api() async throws {
        let deployment = try await deployment()
        var definition = try document("interfaces", ["SubnetId": "subnet-1"]).0
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1a", launchSpec: [:])
        ]
        let token = try await deployment.addClient(
            "team", scopes: ["aws-provisioner:manage-worker-type:*", "worker:*"])
        try await deployment.apply("alpha", .sample())
        let server = try deployment.webServer()
        func update(_ definition: WorkerTypeDefinition) async throws -> Command {
            try await Command.run(
                Paths.python,
                [
                    Paths.root + "/Tests/TestSupport/clients/update_worker_type.py",
                    Paths.root + "/.build/taskcluster/16.2.0", server.url, "team", token, "alpha",
                ], input: String(decoding: try definition.json.serialized(), as: UTF8.self))
        }
        let refused = try await update(definition)
        #expect(refused.status != 0)
        #expect(refused.errors.contains("has network interfaces, with which EC2 refuses SubnetId"))
        definition.launchSpec["SubnetId"] = nil
        let accepted = try await update(definition)
        #expect(accepted.status == 0, "\(accepted.errors)")
    }
}
