import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Definitions and key pairs of the original service")
struct OriginalServiceTests {
    private func run(_ deployment: Deployment, _ arguments: [String]) async throws -> Command {
        try await Command.run(Paths.provisioner, arguments, environment: deployment.environment)
    }

    /// Validates, imports, shows and applies definitions.
    private func check(_ definitions: [OriginalDefinition]) async throws {
        let deployment = try await Deployment(issuesLocally: true)
        let paths = definitions.map(\.path)
        let notes = definitions.count { definition in
            let regions = Set(definition.object.list("regions").compactMap { $0.text("region") })
            return definition.object.list("availabilityZones").contains {
                !regions.contains($0.text("region") ?? "")
            }
        }
        func expectNotes(in text: String, _ command: String) {
            let count = text.components(separatedBy: "zones of regions that the definition does not list")
                .count
            #expect(count - 1 == notes, "\(command): \(text)")
        }
        let validated = try await run(deployment, ["worker-type", "validate"] + paths)
        #expect(validated.status == 0, "\(validated.errors)")
        #expect(validated.output == definitions.map { "\($0.name) is valid\n" }.joined())
        expectNotes(in: validated.errors, "validate")
        let imported = try await run(deployment, ["import", "--offline", "--json"] + paths)
        #expect(imported.status == 0, "\(imported.errors)")
        expectNotes(in: imported.output, "import")
        for definition in definitions {
            let shown = try await run(
                deployment, ["worker-type", "show", definition.name, "--with-secrets"])
            let object = try JSONValue(parsing: Data(shown.output.utf8)).objectValue ?? [:]
            #expect(definition.differences(from: object).isEmpty, "\(definition.name)")
        }
        let applied = try await run(deployment, ["worker-type", "apply", "--offline"] + paths)
        #expect(applied.status == 0, "\(applied.errors)")
        #expect(applied.output == definitions.map { "\($0.name) unchanged\n" }.joined())
        expectNotes(in: applied.errors, "apply")
    }

    @Test("pass validate, import and apply unchanged, with one note for ignored zones")
    func invented() async throws {
        try #require(OriginalDefinition.invented.count == 3)
        try await check(OriginalDefinition.invented)
    }

    @Test("pass validate, import and apply unchanged when they are published ones; needs ../shared")
    func published() async throws {
        let definitions = OriginalDefinition.published(for: "published definitions in commands")
        if !definitions.isEmpty { try await check(definitions) }
    }

    private func notes(_ deployment: Deployment, _ definition: String) async throws -> String {
        let path = try #require(OriginalDefinition.invented.first { $0.name == definition }).path
        let imported = try await run(deployment, ["import", "--offline", "--dry-run", path])
        #expect(imported.status == 0, "\(imported.errors)")
        return imported.output
    }

    @Test("are imported with a note for each member that means something else here")
    func changedMeanings() async throws {
        var deployment = try await Deployment(issuesLocally: true)
        let utilities = try await notes(deployment, "utilities")
        #expect(
            utilities.contains(
                "utility: differs between instance types (c5d.4xlarge 2.2, c5.4xlarge 1.1, m5.4xlarge 1.1); the setting "
                    + "utility is multiply: at equal prices it prefers c5.4xlarge, m5.4xlarge (lowest number)"
            ))
        #expect(
            utilities.contains(
                "the numbers are written for divide; set utility to divide"), "\(utilities)")
        #expect(utilities.contains("canUseOndemand: the original service ignored true"))
        #expect(!utilities.contains("scopes:"))
        deployment.environment["AWS_PROVISIONER_UTILITY"] = "divide"
        let divided = try await notes(deployment, "utilities")
        #expect(divided.contains("the setting utility is divide") && !divided.contains("set utility to"))

        let zones = try await notes(deployment, "zones-elsewhere")
        #expect(
            zones.contains(
                "this program passes them to workers: assume:project:one, queue:get-artifact:project/one/*\n")
        )
        #expect(
            zones.contains(
                "scopes: the issuer aws-provisioner/issuer does not have assume:project:one, "
                    + "queue:get-artifact:project/one/*: its workers do not receive these scopes"))
        #expect(!zones.contains("utility:") && !zones.contains("canUseOndemand:"))
        deployment.environment["AWS_PROVISIONER_WORKER_SCOPES"] = "assume:project:*"
        _ = try await deployment.run("client", "narrow-issuer")
        #expect(
            try await notes(deployment, "zones-elsewhere").contains(
                "does not have queue:get-artifact:project/one/*: its workers"))
        // Its own export means what it says.
        _ = try await run(deployment, ["import"] + OriginalDefinition.invented.map(\.path))
        let path = try deployment.folder.write(
            try await deployment.run("export").output, to: "own.json")
        let own = try await deployment.run("import", "--dry-run", path).output
        #expect(!own.contains("utility:") && !own.contains("scopes:"))
    }

    @Test(
        "are refused in the form before June 2015, by one sentence",
        arguments: [["import"], ["worker-type", "validate"]])
    func firstForm(command: [String]) async throws {
        let deployment = try await Deployment(issuesLocally: true)
        let path = try deployment.folder.write(
            """
            {"workerType": "old", "launchSpecification": {"SecurityGroups": ["default"]}, "minCapacity": 0,
             "maxCapacity": 5, "scalingRatio": 0, "minPrice": 0.2, "maxPrice": 0.6, "canUseOndemand": false,
             "canUseSpot": true, "scopes": [], "userData": {},
             "instanceTypes": [{"instanceType": "m3.large", "capacity": 1, "utility": 1, "overwrites": {}}],
             "regions": [{"region": "us-west-2", "overwrites": {"ImageId": "ami-12c6146b"}}]}
            """, to: "old.json")
        let refused = try await run(deployment, command + [path])
        #expect(refused.status == 65)
        #expect(
            refused.errors
                == "aws-provisioner: \(path): launchSpecification, overwrites: belongs to the form of "
                + "definitions before June 2015, which is not supported: rewrite the definition with launchSpec, "
                + "userData, secrets and scopes\n")
    }

    @Test("An existing key pair of the original service is used")
    func keyPair() async throws {
        var deployment = try await Deployment(regions: ["us-east-1"])
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
        deployment.environment["AWS_PROVISIONER_PUBLIC_KEY"] = key + " comment"
        // The first 7 digits of sha256(key).
        let name: JSONValue = "aws-provisioner-v1-managed:ca38a60"
        try await deployment.aws(
            "import_key_pair",
            ["KeyName": name, "PublicKeyMaterial": .string(key)])
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        _ = try await deployment.iterate()
        #expect(try await deployment.instances(region: "us-east-1").map { $0["KeyName"] } == [name])
        let pairs = try await deployment.aws("describe_key_pairs")
        #expect(pairs.list("KeyPairs").map { $0["KeyName"] } == [name])
    }
}
