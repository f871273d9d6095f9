import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Commands that change definitions")
struct DefinitionCommandTests {
    /// An editor that changes the text by a shell command on `$1`.
    private func editor(_ script: String, in deployment: Deployment) throws -> String {
        let path = try deployment.folder.write("#!/bin/sh\n\(script)\n", to: UUID().uuidString + ".sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private func file(_ definition: WorkerTypeDefinition, _ name: String, in deployment: Deployment) throws
        -> String
    {
        try deployment.folder.write(
            String(decoding: try definition.json.serialized(pretty: true), as: UTF8.self), to: name)
    }

    @Test("example prints the documented definition, explains each member, and apply accepts it unchanged")
    func example() async throws {
        let deployment = try await Deployment()
        let printed = try await deployment.run("worker-type", "example")
        #expect(printed.status == 0)
        let readme = try String(contentsOfFile: Paths.root + "/README.md", encoding: .utf8)
        #expect(readme.contains("```json\n\(printed.output)```\n"))
        let schemas = Paths.root + "/Sources/API/Schemas/"
        for (file, prefix) in [
            ("create-worker-type-request", ""), ("instance-type-configuration", "instanceTypes[]."),
            ("region-configuration", "regions[]."),
        ] {
            let data = try Data(contentsOf: URL(filePath: schemas + file + ".json"))
            let properties = try JSONValue(parsing: data).objectValue?["properties"]?.objectValue ?? [:]
            #expect(!properties.isEmpty)
            for member in properties.keys {
                // Members of each level are explained once.
                let isExplained = printed.errors.contains("\n\(prefix)\(member)")
                #expect(isExplained || printed.errors.contains("\n\(member) "), "\(prefix)\(member)")
            }
        }
        let file = try deployment.folder.write(printed.output, to: "build-linux.json")
        let applied = try await deployment.run("worker-type", "apply", file)
        #expect(applied.output == "build-linux created\n", "\(applied.errors)")

        let other = try await deployment.run(
            "worker-type", "example", "--region", "eu-west-1", "--image", "ami-00000000")
        let missing = try await deployment.run(
            "worker-type", "apply", deployment.folder.write(other.output, to: "other.json"))
        #expect(missing.status == 65)
        #expect(missing.errors.contains("ami-00000000"))
        let invalid = try await deployment.run("worker-type", "example", "--region", #"a", "b": ""#)
        #expect(invalid.status != 0 && invalid.output.isEmpty)
    }

    @Test("edit opens the editor, shows the difference, stores it, and keeps hidden secrets")
    func edit() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(maxCapacity: 5, secrets: ["t": "planted-worker-secret"]))
        deployment.environment["EDITOR"] = try editor(
            #"cat "$1" > "$1.seen"; cp "$1" \#(deployment.folder.file("seen")); sed -i 's/"maxCapacity" : 5/"maxCapacity" : 6/' "$1""#,
            in: deployment)
        let edited = try await deployment.run("worker-type", "edit", "alpha")
        #expect(edited.status == 0, "\(edited.errors)")
        #expect(edited.output == "- maxCapacity: 5\n+ maxCapacity: 6\nalpha updated\n")
        let seen = try String(contentsOfFile: deployment.folder.file("seen"), encoding: .utf8)
        #expect(seen.contains("<secret>"))
        #expect(!seen.contains("planted"))
        let shown = try await deployment.run("worker-type", "show", "alpha", "--with-secrets")
        #expect(shown.output.contains("planted-worker-secret"))
        // VISUAL precedes EDITOR, and may contain options.
        deployment.environment["VISUAL"] = try editor(#"[ "$1" = -x ] || exit 1"#, in: deployment) + " -x"
        #expect(try await deployment.run("worker-type", "edit", "alpha").output == "alpha unchanged\n")
        deployment.environment["VISUAL"] = "false"
        let failed = try await deployment.run("worker-type", "edit", "alpha")
        #expect(failed.status == 69)
        #expect(try await deployment.run("worker-type", "edit", "unknown").status == 66)
    }

    @Test("edit refuses an invalid definition, and names the file with the text")
    func invalidEdit() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        deployment.environment["TMPDIR"] = deployment.folder.path
        deployment.environment["EDITOR"] = try editor(
            #"sed -i 's/"maxCapacity" : 100/"maxCapacity" : -1/' "$1""#, in: deployment)
        let refused = try await deployment.run("worker-type", "edit", "alpha")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("alpha: maxCapacity: must be from 0"))
        let path = try #require(refused.errors.split(separator: " ").last).trimmingCharacters(in: .newlines)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("-1"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("edit stores nothing if the definition was changed or removed meanwhile")
    func concurrentEdit() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        let other = try file(.sample(maxCapacity: 7), "alpha.json", in: deployment)
        let change = #"sed -i 's/"maxCapacity" : [0-9]*/"maxCapacity" : 8/' "$1""#
        deployment.environment["EDITOR"] = try editor(
            "\(Paths.provisioner) worker-type apply \(other) >/dev/null\n\(change)", in: deployment)
        let refused = try await deployment.run("worker-type", "edit", "alpha")
        #expect(refused.status == 75)
        #expect(refused.errors.contains("was changed meanwhile: nothing was stored"))
        #expect(
            try await deployment.run("worker-type", "show", "alpha").output.contains("\"maxCapacity\" : 7"))
        deployment.environment["EDITOR"] = try editor(
            "\(Paths.provisioner) worker-type remove alpha >/dev/null\n\(change)", in: deployment)
        #expect(try await deployment.run("worker-type", "edit", "alpha").status == 66)
        #expect(try await deployment.workerTypes().isEmpty)
    }

    @Test("diff prints the changes of apply, and exits with 1 if there is one")
    func diff() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        let same = try file(.sample(secrets: ["t": "<secret>"]), "alpha.json", in: deployment)
        let new = try file(.sample(), "beta.json", in: deployment)
        let unchanged = try await deployment.run("worker-type", "diff", same)
        #expect(unchanged.status == 0)
        #expect(unchanged.output == "alpha: no change\n")
        let other = try file(.sample(maxCapacity: 3, secrets: ["t": "another"]), "alpha.json", in: deployment)
        let changed = try await deployment.run("worker-type", "diff", other, new)
        #expect(changed.status == 1)
        #expect(
            changed.output == """
                alpha:
                  - maxCapacity: 100
                  + maxCapacity: 3
                  ~ secrets.t: another value
                beta: would be created

                """)
        let json = try await deployment.run("worker-type", "diff", other, "--json")
        #expect(!json.output.contains("another\""))
        #expect(try await deployment.run("worker-type", "list", "--json").output.contains("alpha"))
        #expect(!(try await deployment.run("worker-type", "list", "--json").output.contains("beta")))
    }

    @Test("A placeholder is never stored as a secret: apply refuses one without a stored secret")
    func placeholder() async throws {
        let deployment = try await Deployment()
        let hidden = try file(.sample(secrets: ["t": "<secret>"]), "alpha.json", in: deployment)
        let refused = try await deployment.run("worker-type", "apply", hidden)
        #expect(refused.status == 65)
        #expect(
            refused.errors.contains("alpha.json: secrets.t: \"<secret>\" stands for no value that is stored"))
        try await deployment.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        let kept = try file(.sample(maxCapacity: 2, secrets: ["t": "<secret>"]), "alpha.json", in: deployment)
        #expect(try await deployment.run("worker-type", "apply", kept).output == "alpha updated\n")
        let shown = try await deployment.run("worker-type", "show", "alpha", "--with-secrets")
        #expect(shown.output.contains("planted-worker-secret"))
        let twice = try await deployment.run("worker-type", "apply", kept, kept)
        #expect(twice.status == 65)
        #expect(twice.errors.contains("in another file as well"))
    }

    @Test("history and events show the author of each change by the command line and the API")
    func history() async throws {
        let deployment = try await Deployment()
        let token = try await deployment.addClient(
            "build-team", scopes: ["aws-provisioner:manage-worker-type:*", "worker:*"])
        try await deployment.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        let server = try deployment.webServer()
        var definition = WorkerTypeDefinition.sample(maxCapacity: 42, secrets: ["t": "planted-worker-secret"])
        definition.description = "by the API"
        let changed = try await Command.run(
            Paths.python,
            [
                Paths.root + "/Tests/TestSupport/clients/update_worker_type.py",
                Paths.root + "/.build/taskcluster/16.2.0", server.url, "build-team", token, "alpha",
            ], input: String(decoding: try definition.json.serialized(), as: UTF8.self))
        try #require(changed.status == 0, "\(changed.errors)")
        let history = try await deployment.run("worker-type", "history", "alpha")
        #expect(history.output.contains("created by \(NSUserName()) (apply)"))
        #expect(history.output.contains("updated by build-team (api)"))
        let path = deployment.folder.file("provisioner.sqlite")
        let secrets = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
            .secrets
        _ = try secrets.create(
            token: "planted-token", workerType: "alpha", content: SecretContent(secrets: [:], scopes: []),
            expires: .distantFuture, creator: nil, by: Author("ci", by: "api"), now: Date())
        #expect(try await !deployment.run("worker-type", "history", "alpha").output.contains("by ci"))
        let withSecrets = try await deployment.run("worker-type", "history", "alpha", "--secrets").output
        #expect(withSecrets.contains(/secret [0-9a-f]{12} created by ci \(api\)/))
        #expect(
            try await deployment.run("events", "--worker-type", "alpha").output
                .contains(/alpha: secret [0-9a-f]{12} created by ci \(api\)/))
        #expect(history.output.contains("  - maxCapacity: 100\n  + maxCapacity: 42\n"))
        _ = try await deployment.run("worker-type", "remove", "alpha")
        _ = try await deployment.run("client", "remove", "build-team")
        let json = try await deployment.run("worker-type", "history", "alpha", "--json").output
        let actions = try JSONValue(parsing: Data(json.utf8)).objectValue?.list("changes").map {
            $0.text("action")
        }
        #expect(actions == ["created", "updated", "removed"])
        let events = try await deployment.run("events", "--kind", "changed").output
        #expect(events.contains("client build-team created"))
        #expect(events.contains("client build-team removed"))
        #expect(events.contains("alpha: updated by build-team (api): description, maxCapacity"))
        for output in [history.output, json, events] {
            for secret in Deployment.secrets { #expect(!output.contains(secret)) }
            #expect(!output.contains(token))
        }
        #expect(try await deployment.run("worker-type", "history", "unknown").status == 66)
    }

    @Test("store no image that does not fit its instance types, unless the right to read these is missing")
    func imageFit() async throws {
        let deployment = try await Deployment()
        func apply(_ image: String, _ types: [(String, Int, Double)]) async throws -> Command {
            var definition = WorkerTypeDefinition.sample(types: types)
            definition.regions = definition.regions.map {
                RegionConfiguration(region: $0.region, launchSpec: ["ImageId": .string(image)])
            }
            return try await deployment.run(
                "worker-type", "apply", try file(definition, "alpha.json", in: deployment))
        }
        // moto's images have the boot mode uefi.
        let arm = "ami-019c8ecf8e5655d9d"
        let refused = try await apply(arm, [("c4.xlarge", 1, 1), ("c5.xlarge", 1, 1), ("c6g.xlarge", 1, 1)])
        #expect(refused.status == 65)
        for text in [
            "alpha: us-east-1: the image \(arm) has the architecture arm64, which is not supported by c4.xlarge, c5.xlarge: ",
            "alpha: us-east-1: the image \(arm) has the boot mode uefi, which is not supported by c4.xlarge: ",
        ] {
            #expect(refused.errors.contains(text), "\(refused.errors)")
        }
        let listed = try await deployment.run("worker-type", "list", "--json")
        let document = try JSONValue(parsing: Data(listed.output.utf8)).objectValue
        #expect(document?["workerTypes"] == [])
        #expect(try await apply(arm, [("c6g.xlarge", 1, 1)]).status == 0)
        try await deployment.ec2.control(
            #"{"fault": {"us-east-1": {"kind": "code:UnauthorizedOperation", "action": "DescribeInstanceTypes"}}}"#
        )
        let unchecked = try await apply(arm, [("c5.xlarge", 1, 1)])
        #expect(unchecked.status == 0, "\(unchecked.errors)")
        #expect(
            unchecked.errors.contains(
                "alpha: note: us-east-1: images were not compared with instance types, because the right "
                    + "ec2:DescribeInstanceTypes is missing"))
    }
}
