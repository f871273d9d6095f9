import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("export and import")
struct ImportExportTests {
    /// A document of the original service: name, time of the last change, both spellings, empty secrets.
    private static let original = """
        {
            "workerType": "gecko-t-linux", "lastModified": "2018-03-01T10:00:00.000Z",
            "launchSpec": {"SecurityGroups": ["default"]}, "userData": {"capacity": 1}, "secrets": {}, "scopes": [],
            "minCapacity": 0, "maxCapacity": 40, "scalingRatio": 0.1, "minPrice": 0, "maxPrice": 0.8,
            "canUseSpot": true, "canUseOndemand": false, "canUseOnDemand": false,
            "instanceTypes": [
                {"instanceType": "c5.4xlarge", "capacity": 1, "utility": 1, "launchSpec": {}, "userData": {},
                 "secrets": {}, "scopes": []}
            ],
            "regions": [
                {"region": "us-east-1", "launchSpec": {"ImageId": "ami-12c6146b"}, "userData": {}, "secrets": {},
                 "scopes": []}
            ],
            "availabilityZones": [],
            "description": "Tests for Linux", "owner": "tests@example.com"
        }
        """

    @Test("A definition of the original service is imported, and its changes are reported")
    func original() async throws {
        let deployment = try await Deployment()
        let path = try deployment.folder.write(Self.original, to: "exported.json")
        let account = """
            worker type gecko-t-linux: created
              workerType: taken as the name
              lastModified: "2018-03-01T10:00:00.000Z" left out: it says when it was stored there
              canUseOnDemand: left out: canUseOndemand says the same

            """
        let planned = try await deployment.run("import", path, "--dry-run")
        #expect(planned.output == account + "dry run, nothing stored: 1 created\n")
        #expect(try await deployment.workerTypes().isEmpty)
        #expect(try await deployment.run("import", path).output == account + "1 created\n")
        #expect(try await deployment.run("import", path).output.contains("gecko-t-linux: unchanged"))
        let renamed = try deployment.folder.write(
            Self.original.replacing(
                #""canUseOndemand": false, "canUseOnDemand": false"#, with: #""canUseOnDemand": true"#),
            to: "renamed.json")
        let updated = try await deployment.run("import", renamed).output
        #expect(updated.contains("canUseOnDemand: renamed canUseOndemand (true)"))
        #expect(updated.contains("  - canUseOndemand: false\n  + canUseOndemand: true\n"))
        let torn = try deployment.folder.write(
            Self.original.replacing(#""canUseOnDemand": false"#, with: #""canUseOnDemand": true"#),
            to: "torn.json")
        let refused = try await deployment.run("import", torn)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("canUseOnDemand: is true and canUseOndemand is false: leave one out"))
        // The API and `apply` refuse the document.
        #expect(try await deployment.run("worker-type", "apply", path).status == 65)
    }

    @Test(
        "Clients in an import follow the rules of `client add`; a suggested command is safe to run"
    )
    func hostileClients() async throws {
        let deployment = try await Deployment()
        func imported(_ client: JSONObject) async throws -> Command {
            let document: JSONValue = [
                "format": "aws-provisioner-export", "version": 1, "workerTypes": [],
                "clients": [.object(client)],
            ]
            let text = String(decoding: try document.serialized(), as: UTF8.self)
            return try await deployment.run("import", deployment.folder.write(text, to: "import.json"))
        }
        let refused: [JSONObject] = [
            ["clientId": .string(HostileText.text), "scopes": []], ["clientId": "a b", "scopes": []],
            ["clientId": "", "scopes": []], ["clientId": "a\"b", "scopes": []],
            ["clientId": .string(String(repeating: "a", count: 257)), "scopes": []],
            ["clientId": "a", "scopes": [.string(HostileText.text)]], ["clientId": "a", "scopes": [1]],
            ["clientId": "a", "scopes": [], "expires": 1],
            ["clientId": "a", "scopes": [], "expires": "never"],
            ["clientId": "a", "scopes": [], "description": 1],
            ["clientId": "a", "scopes": [], "description": .string(String(repeating: "d", count: 10_241))],
            ["clientId": "a", "scopes": [], "accessToken": "t"],
            ["clientId": "aws-provisioner/issuer", "scopes": ["*"]],
        ]
        for client in refused {
            let answer = try await imported(client)
            #expect(answer.status == 65, "\(client)")
            #expect(HostileText.unsafeScalars(in: answer.errors).isEmpty)
            #expect(HostileText.forgedLines(in: answer.errors).isEmpty)
        }
        let path = deployment.folder.file("ran")
        let id = "-it's-$(touch${IFS}\(path))"
        let suggested = try await imported([
            "clientId": .string(id), "scopes": [.string("x';touch${IFS}\(path);'")],
            "expires": "2099-01-31T12:00:00.000Z", "description": "two words",
        ])
        #expect(suggested.status == 0, "\(suggested.errors)")
        let line = try #require(suggested.output.firstRange(of: "aws-provisioner client add"))
        let rest = suggested.output[line.lowerBound...].dropFirst("aws-provisioner".count)
        let command = Paths.provisioner + rest.prefix { $0 != "\n" }
        let ran = try await Command.run("/bin/sh", ["-c", command], environment: deployment.environment)
        #expect(ran.status == 0, "\(command): \(ran.errors)")
        #expect(!FileManager.default.fileExists(atPath: path))
        let clients = try JSONValue(parsing: Data(try await deployment.run("client", "list").output.utf8))
        let client = clients.objectValue?.list("clients").first { $0["clientId"] == .string(id) }
        #expect(client?["scopes"] == [.string("x';touch${IFS}\(path);'")])
        #expect(client?["expires"] == "2099-01-31T12:00:00.000Z" && client?["description"] == "two words")
    }

    @Test("An export imports as the same worker types, without secrets and tokens")
    func roundTrip() async throws {
        let here = try await Deployment()
        try await here.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        try await here.apply("beta", .sample(maxCapacity: 3, regions: ["us-east-1", "eu-west-1"]))
        let token = try await here.addClient("build-team", scopes: ["aws-provisioner:manage-worker-type:*"])
        let exported = try await here.run("export")
        #expect(exported.status == 0)
        for secret in Deployment.secrets + [token] { #expect(!exported.output.contains(secret)) }
        let path = try here.folder.write(exported.output, to: "all.json")
        #expect(
            try await here.run("import", path).output.hasSuffix("\n3 unchanged\n"),
            "a placeholder stands for what is stored here")

        let there = try await Deployment()
        let refused = try await there.run("import", path)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("alpha: secrets.t: \"<secret>\" stands for no value that is stored"))
        #expect(try await there.workerTypes().isEmpty, "all or nothing")
        let made = try await there.run("import", path, "--without-missing-secrets")
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("secrets.t: left out: it has no value here"))
        #expect(
            made.output.contains(
                "aws-provisioner client add --scope='aws-provisioner:manage-worker-type:*' -- 'build-team'"))
        #expect(made.output.hasSuffix("\n2 created, 1 not made\n"))
        func definitions(_ deployment: Deployment) async throws -> [JSONObject] {
            let text = try await deployment.run("export").output
            let all = try JSONValue(parsing: Data(text.utf8)).objectValue?.list("workerTypes") ?? []
            return all.map { type in
                var type = type
                type["lastModified"] = nil
                type["secrets"] = nil
                return type
            }
        }
        #expect(try await definitions(here) == definitions(there))
    }

    @Test("Existing clients get the scopes of the document, and keep their tokens")
    func clients() async throws {
        let deployment = try await Deployment()
        _ = try await deployment.addClient("build-team", scopes: ["a"])
        let exported = try await deployment.run("export").output
        let path = try deployment.folder.write(
            exported.replacing("\"a\"", with: "\"b\""), to: "all.json")
        let updated = try await deployment.run("import", path)
        #expect(
            updated.output == "client build-team: updated\n  - scopes: \"a\"\n  + scopes: \"b\"\n1 updated\n")
        #expect(try await deployment.run("client", "list").output.contains("\"b\""))
        let json = try await deployment.run("import", path, "--json").output
        let client = try JSONValue(parsing: Data(json.utf8)).objectValue?.list("clients").first
        #expect(client?.text("outcome") == "unchanged")
    }

    @Test("A document that is no export is refused with the position of the problem")
    func refused() async throws {
        let deployment = try await Deployment()
        for (text, message) in [
            ("[1]", "[0]: is a number, and must be a JSON object"), ("{", "is not valid JSON"),
            ("3", "is a number, and must be a JSON object or array"),
            (
                #"{"format": "other", "workerTypes": []}"#,
                "is not of the format aws-provisioner-export, version 1"
            ),
            (#"{"format": "aws-provisioner-export", "version": 2}"#, "is not of the format"),
            (#"{"workerTypes": [{}]}"#, "workerType: is required"),
            (#"{"workerTypes": [], "clients": [{"clientId": 1}]}"#, "clients[0]: has not the form"),
            (#"[{"workerType": "a"}]"#, "a: maxCapacity: is required"),
        ] {
            let refused = try await deployment.run("import", deployment.folder.write(text, to: "x.json"))
            #expect(refused.status == 65)
            #expect(refused.errors.contains(message), "\(refused.errors)")
        }
        #expect(try await deployment.run("import", "/nowhere/x.json").status == 66)
    }
}
