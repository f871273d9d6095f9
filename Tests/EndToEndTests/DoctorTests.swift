import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@Suite("doctor")
struct DoctorTests {
    func checks(_ deployment: Deployment, expecting status: Int32) async throws -> [String: (
        String, String
    )] {
        let ended = try await deployment.run("doctor", "--json")
        #expect(ended.status == status, "\(ended.output)\(ended.errors)")
        for secret in Deployment.secrets { #expect(!(ended.output + ended.errors).contains(secret)) }
        let answer = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
        #expect(answer["ok"] == .bool(status == 0))
        return Dictionary(
            answer.list("checks").map {
                ($0.text("subject") ?? "", ($0.text("state") ?? "", $0.text("message") ?? ""))
            },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("finds no problem in a working deployment, and prints a line for each check")
    func well() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1, secrets: ["t": "planted-worker-secret"]))
        _ = try await deployment.iterate()
        let found = try await checks(deployment, expecting: 0)
        for subject in [
            "settings", "database", "key", "credentials", "region us-east-1", "region eu-west-1", "queue",
            "auth", "clock", "iteration",
        ] {
            #expect(found[subject]?.0 == "ok", "\(subject): \(found[subject]?.1 ?? "no check")")
        }
        let text = try await deployment.run("doctor").output
        #expect(text.split(separator: "\n").count == found.count + 1)
    }

    @Test("prints each problem, and exits with the sysexits code of the first")
    func faults() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        // All checks share the timeout of one call. Calls to a failing service are repeated until then.
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "20s"
        let root = deployment.environment["TASKCLUSTER_ROOT_URL"]
        deployment.environment["TASKCLUSTER_ROOT_URL"] = "http://127.0.0.1:9"
        try await deployment.ec2.control(#"{"fault": {"eu-west-1": {"kind": "error"}}}"#)
        var found = try await checks(deployment, expecting: 69)
        #expect(found["region eu-west-1"]?.0 == "failed")
        #expect(found["queue"]?.0 == "failed")
        deployment.environment["TASKCLUSTER_ROOT_URL"] = root
        try await deployment.ec2.control(#"{"fault": {"eu-west-1": {"kind": "code:UnauthorizedOperation"}}}"#)
        #expect(
            try await checks(deployment, expecting: 78)["region eu-west-1"]?.1.contains("Unauthorized")
                == true)
        try await deployment.ec2.control(#"{"fault": {}}"#)

        deployment.environment["TASKCLUSTER_ROOT_URL"] = nil
        found = try await checks(deployment, expecting: 78)
        #expect(found["settings"]?.1.contains("TASKCLUSTER_ROOT_URL") == true)
        #expect(found["queue"]?.0 == "failed")
        deployment.environment["TASKCLUSTER_ROOT_URL"] = root

        let id = deployment.environment.removeValue(forKey: "AWS_ACCESS_KEY_ID")
        deployment.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        #expect(try await checks(deployment, expecting: 78)["credentials"]?.0 == "failed")
        deployment.environment["AWS_ACCESS_KEY_ID"] = id

        deployment.environment["AWS_PROVISIONER_ENCRYPTION_KEY"] = Data(repeating: 7, count: 32)
            .base64EncodedString()
        #expect(try await checks(deployment, expecting: 78)["key"]?.0 == "failed")
        deployment.environment["AWS_PROVISIONER_ENCRYPTION_KEY"] = nil

        deployment.environment["AWS_PROVISIONER_MAX_BID"] = "lots"
        #expect(try await checks(deployment, expecting: 78)["settings"]?.1.contains("MAX_BID") == true)
        deployment.environment["AWS_PROVISIONER_MAX_BID"] = nil
        deployment.environment["AWS_PROVISIONER_DATABASE"] = "/nowhere/p.sqlite"
        #expect(try await checks(deployment, expecting: 66)["database"]?.0 == "failed")
        let damaged = try deployment.folder.write(
            String(repeating: "no database ", count: 1000), to: "damaged")
        deployment.environment["AWS_PROVISIONER_DATABASE"] = damaged
        #expect(try await checks(deployment, expecting: 65)["database"]?.0 == "failed")
    }

    @Test("names the account and the principal of the credentials, or the refusal of STS")
    func identity() async throws {
        let deployment = try await Deployment()
        let found = try await checks(deployment, expecting: 0)["credentials"]
        #expect(
            found?.1.contains(/account [0-9]{12}, arn:aws:[^ ]+, access key test/) == true,
            "\(found?.1 ?? "")")
        func fault(_ code: String) async throws {
            try await deployment.ec2.control(
                #"{"fault": {"us-east-1": {"kind": "code:\#(code)", "action": "GetCallerIdentity"}}}"#)
        }
        try await fault("InvalidClientTokenId")
        let refused = try await checks(deployment, expecting: 78)["credentials"]
        #expect(refused?.0 == "failed" && refused?.1.contains("InvalidClientTokenId") == true)
        // Iterations do not depend on STS.
        try await fault("ValidationError")
        let unknown = try await checks(deployment, expecting: 0)["credentials"]
        #expect(unknown?.0 == "note" && unknown?.1.contains("ValidationError") == true, "\(unknown?.1 ?? "")")
    }

    @Test("warns of a baseUrl without TLS")
    func clearText() async throws {
        var deployment = try await Deployment()
        #expect(try await checks(deployment, expecting: 0)["baseUrl"] == nil)
        deployment.environment["AWS_PROVISIONER_BASE_URL"] = "http://provisioner.example.com/v1"
        #expect(try await checks(deployment, expecting: 0)["baseUrl"]?.0 == "note")
    }

    @Test("warns of an issuer with more scopes than workers need, until the scopes are removed")
    func issuer() async throws {
        let deployment = try await Deployment()
        #expect(try await checks(deployment, expecting: 0)["issuer"]?.0 == "ok")
        let path = deployment.folder.file("provisioner.sqlite")
        let database = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
        let made = try #require(try database.clients.get(ClientStore.issuer))
        #expect(
            made.client.scopes == [
                "assume:worker-type:test-provisioner/*", "assume:worker-id:*", "worker:*", "a:*",
            ])
        // The issuer of an earlier version.
        let broad = ClientRecord(
            clientId: made.client.clientId, scopes: ["*"], expires: nil, description: "", createdAt: .start)
        #expect(try database.clients.update(broad, by: .program, now: .start))
        let warning = try await checks(deployment, expecting: 0)["issuer"]
        #expect(warning?.0 == "note")
        #expect(warning?.1.contains("has *") == true)
        #expect(warning?.1.contains("client narrow-issuer") == true)
        #expect(
            try await deployment.run("client", "narrow-issuer", "--dry-run").output.contains("nothing stored")
        )
        #expect(try database.clients.get(ClientStore.issuer)?.client.scopes == ["*"])
        #expect(try await deployment.run("client", "narrow-issuer").status == 0)
        let narrowed = try #require(try database.clients.get(ClientStore.issuer))
        #expect(narrowed.client.scopes == made.client.scopes)
        #expect(narrowed.accessToken == made.accessToken)
        #expect(try await checks(deployment, expecting: 0)["issuer"]?.0 == "ok")
        #expect(
            try await deployment.run("client", "narrow-issuer", "--json").output.contains("\"unchanged\""))
        #expect(
            try database.audit.entries().last.map { "\($0.subject) \($0.author.means)" }
                == "aws-provisioner/issuer client narrow-issuer")
        #expect(try await deployment.run("client", "remove", ClientStore.issuer).status == 0)
        #expect(try await deployment.run("client", "narrow-issuer").status == 66)
    }

    @Test("checks the credentials of the deployment with the auth service if that authenticates clients")
    func delegated() async throws {
        var deployment = try await Deployment()
        let auth = try Server("auth_server.py")
        deployment.environment["AWS_PROVISIONER_AUTH"] = "taskcluster"
        deployment.environment["TASKCLUSTER_ROOT_URL"] = auth.url
        let answers = [
            (
                #"{"status": "auth-success", "clientId": "tester", "scopes": []}"#,
                "auth +ok +.*: knows tester"
            ),
            (
                #"{"status": "auth-failed", "message": "bad mac"}"#,
                "auth +failed +.*: refuses our credentials: .*bad mac"
            ),
            (#"{"status": "no-auth"}"#, "auth +failed +.*: did not look at our credentials"),
        ]
        for (answer, expected) in answers {
            try await auth.control("{\"answer\": \(answer)}")
            let found = try await deployment.run("doctor").output
            #expect(found.contains(try Regex(expected)), "\(found)")
        }
        deployment.environment["TASKCLUSTER_ROOT_URL"] = "http://127.0.0.1:9"
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "2s"
        let dead = try await deployment.run("doctor").output
        #expect(dead.contains(try Regex("auth +failed +http://127.0.0.1:9: ")), "\(dead)")
    }

    @Test(
        "--max-age exits with 0 while iterations finish and 1 afterwards, with one line and without a call")
    func maxAge() async throws {
        var deployment = try await Deployment()
        let none = try await deployment.run("doctor", "--max-age", "10m")
        #expect(none.status == 1)
        #expect(none.output == "WARNING: no iteration has finished\n")
        _ = try await deployment.iterate()
        deployment.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
        let fresh = try await deployment.run("doctor", "--max-age", "10m")
        #expect(fresh.status == 0)
        #expect(
            fresh.output.contains(
                try Regex(#"^OK: iteration 1 finished \d+ s ago: success \| age=\d+s;600\n$"#)))
        let late = await eventually {
            (try? await deployment.run("doctor", "--max-age", "1s").status) == 1
        }
        #expect(late)
        #expect(try await deployment.run("doctor", "--max-age", "often").status == 64)
        #expect(try await deployment.run("doctor", "--max-age", "1h", "--iam-policy").status == 64)
    }

    /// The JSON documents of a Markdown file.
    private func documents(in path: String) throws -> [String] {
        try String(contentsOfFile: Paths.root + "/" + path, encoding: .utf8)
            .components(separatedBy: "```json\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
    }

    @Test("--iam-policy prints the documented policy for the documented settings")
    func policy() async throws {
        let settings = try #require(
            documents(in: "README.md").first { $0.contains("taskclusterRootUrl") })
        let shown = try #require(
            documents(in: "Sources/Commands/Commands.docc/AWSRights.md").first {
                $0.contains("\"Statement\"")
            })
        let folder = try TemporaryFolder()
        let printed = try await Command.run(
            Paths.provisioner,
            ["doctor", "--iam-policy", "--config", try folder.write(settings, to: "config.json")])
        #expect(printed.status == 0, "\(printed.errors)")
        #expect(
            try JSONValue(parsing: Data(printed.output.utf8)) == JSONValue(parsing: Data(shown.utf8)),
            "put the output of `doctor --iam-policy` into AWSRights.md")
    }

    @Test("--iam-policy covers the needs of the stored definitions")
    func policyOfDefinitions() async throws {
        let deployment = try await Deployment()
        var definition = WorkerTypeDefinition.sample()
        definition.launchSpec["Placement"] = ["Tenancy": "host", "HostId": "h-1"]
        definition.launchSpec["IamInstanceProfile"] = ["Name": "worker"]
        try await deployment.apply("alpha", definition)
        let printed = try await deployment.run("doctor", "--iam-policy")
        #expect(printed.output.contains("arn:aws:ec2:*:*:dedicated-host/*"))
        #expect(printed.errors.contains("the instance profiles worker: name the roles"))
    }

    @Test("The policy is sufficient for iterations and minimal: without any of its rights a call fails")
    func sufficient() async throws {
        var deployment = try await Deployment(regions: ["us-east-1"])
        deployment.environment["AWS_SESSION_TOKEN"] = nil
        deployment.environment["AWS_PROVISIONER_PUBLIC_KEY"] =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 me"
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        let policy = try await deployment.run("doctor", "--iam-policy").output
        /// Runs commands as a user with an IAM policy.
        func allowed(_ policy: String) async throws -> Deployment {
            var user = deployment
            let keys = deployment.folder.file("keys")
            let server = try Server("iam_server.py", [policy, keys])
            servers.append(server)
            let pair = try String(contentsOfFile: keys, encoding: .utf8).split(separator: " ").map(
                String.init)
            user.environment["AWS_ENDPOINT_URL"] = server.url
            user.environment["AWS_ACCESS_KEY_ID"] = pair[0]
            user.environment["AWS_SECRET_ACCESS_KEY"] = pair[1]
            return user
        }
        var servers: [Server] = []
        let least = try await allowed(policy)
        let bought = try await least.run("iterate", "--json")
        #expect(bought.status == 0, "\(bought.errors)")
        #expect(bought.output.contains("\"launched\""))
        _ = try await least.run("worker-type", "remove", "alpha")
        let ended = try await least.run("iterate", "--json")
        #expect(ended.status == 0 && ended.output.contains("worker type removed"), "\(ended.errors)")
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        for action in ["ec2:RunInstances", "ec2:DescribeInstances"] {
            let less = try await allowed(policy.replacing(action, with: "ec2:Nothing"))
            let refused = try await less.run("iterate")
            #expect(refused.status == 78, "without \(action): \(refused.status) \(refused.errors)")
        }
    }
}
