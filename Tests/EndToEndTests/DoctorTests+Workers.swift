import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

/// The checks that concern workers: the scopes of their credentials, and the addresses that they request.
extension DoctorTests {
    @Test("names the worker types whose scopes the issuer in the database does not have")
    func workerScopes() async throws {
        var deployment = try await Deployment(issuesLocally: true)
        let root = try Server("taskcluster_root.py")
        deployment.environment["TASKCLUSTER_ROOT_URL"] = root.url
        try await deployment.apply("alpha", .sample())
        #expect(try await checks(deployment, expecting: 0)["worker scopes"]?.0 == "ok")
        var beta = WorkerTypeDefinition.sample()
        beta.scopes = ["b:x", "aws-provisioner:create-secret:beta"]
        try await deployment.apply("beta", beta)
        let found = try await checks(deployment, expecting: 0)
        #expect(found["scopes of alpha"] == nil)
        #expect(found["scopes of beta"]?.0 == "note")
        #expect(found["scopes of beta"]?.1.contains("aws-provisioner/issuer does not have b:x;") == true)
        #expect(found["scopes of beta"]?.1.contains("no issuer hands on aws-provisioner:create") == true)
        let validated = try await deployment.run(
            "worker-type", "validate", deployment.folder.file("beta.json"))
        #expect(validated.status == 0 && validated.output == "beta is valid\n")
        #expect(
            validated.errors.hasPrefix("beta: note: the issuer aws-provisioner/issuer does not have b:x;"))
        let valid = try await deployment.run("worker-type", "validate", deployment.folder.file("alpha.json"))
        #expect(valid.errors == "")
    }

    @Test(
        "asks the auth service for the expanded scopes of an issuer that is a Taskcluster client",
        arguments: ["local", "taskcluster"])
    func remoteWorkerScopes(auth: String) async throws {
        var deployment = try await Deployment()
        let root = try Server("taskcluster_root.py")
        deployment.environment["AWS_PROVISIONER_AUTH"] = auth
        deployment.environment["TASKCLUSTER_ROOT_URL"] = root.url
        try await root.control(
            #"{"clients": {"tester": {"accessToken": "queue-access-token", "scopes": ["assume:role"]}}, "roles": {"role": ["assume:worker-type:test-provisioner/*", "assume:worker-id:*", "worker:*"]}}"#
        )
        try await deployment.apply("alpha", .sample())
        #expect(try await checks(deployment, expecting: 0)["worker scopes"]?.0 == "ok")
        var beta = WorkerTypeDefinition.sample()
        beta.scopes = ["b:x"]
        try await deployment.apply("beta", beta)
        let found = try await checks(deployment, expecting: 78)["scopes of beta"]
        #expect(found?.0 == "failed")
        #expect(
            found?.1.contains("the issuer tester does not have b:x: its workers receive no valid") == true)
        let validated = try await deployment.run(
            "worker-type", "validate", deployment.folder.file("beta.json"))
        #expect(validated.status == 0 && validated.errors.contains("does not have b:x"))
    }

    @Test("names an instance that used the token of another instance")
    func refusedClaims() async throws {
        let deployment = try await Deployment()
        let path = deployment.folder.file("provisioner.sqlite")
        let secrets = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
            .secrets
        let now = Date().wholeMilliseconds
        let token = "AAAAAAAAQAKAAAAAAAAAAA"
        _ = try secrets.create(
            token: token, workerType: "alpha", content: SecretContent(secrets: [:], scopes: []),
            expires: now.addingTimeInterval(600), by: .program, now: now)
        #expect(try secrets.recordInstanceStarted(token: token, instanceId: "i-a", now: now) == .recorded)
        #expect(try await checks(deployment, expecting: 0)["tokens"] == nil)
        #expect(
            try secrets.recordInstanceStarted(token: token, instanceId: "i-b", now: now) == .otherInstance)
        let found = try await checks(deployment, expecting: 0)["tokens"]
        #expect(found?.0 == "note")
        #expect(
            found?.1.contains("refused uses of another instance's token: 1, the last at \(now.timestamp): ")
                == true)
        #expect(found?.1.contains("i-b used the token of i-a (alpha).") == true)
    }

    @Test("names the worker types whose instances may accept IMDSv1, as advice")
    func instanceMetadata() async throws {
        var deployment = try await Deployment()
        for (name, tokens) in [("allowing", "optional"), ("refusing", "required"), ("silent", nil)] {
            var definition = WorkerTypeDefinition.sample()
            definition.launchSpec["MetadataOptions"] = tokens.map { ["HttpTokens": .string($0)] }
            try await deployment.apply(name, definition)
        }
        let found = try await checks(deployment, expecting: 0)["instance metadata"]
        #expect(found?.0 == "note")
        #expect(found?.1.hasPrefix("instances of allowing, silent may accept IMDSv1;") == true)
        deployment.environment["AWS_PROVISIONER_METADATA_TOKENS"] = "required"
        _ = try await deployment.run("worker-type", "remove", "allowing")
        #expect(try await checks(deployment, expecting: 0)["instance metadata"] == nil)
    }

    @Test("requests ping at baseUrl and below the root URL, and checks the form and the network of baseUrl")
    func addresses() async throws {
        var deployment = try await Deployment()
        let root = try Server("taskcluster_root.py")
        let web = try deployment.webServer()
        deployment.environment["TASKCLUSTER_ROOT_URL"] = root.url
        let base = web.url + "/api/aws-provisioner/v1"
        deployment.environment["AWS_PROVISIONER_BASE_URL"] = base
        try await root.control(
            "{\"clients\": {\"tester\": {\"accessToken\": \"queue-access-token\", \"scopes\": []}}}")
        var found = try await checks(deployment, expecting: 0)
        #expect(found["ping at baseUrl"]?.0 == "ok")
        #expect(found["form of baseUrl"] == nil)
        #expect(found["network of baseUrl"]?.1.contains("loopback") == true)
        #expect(found["ping at root URL"]?.0 == "note")
        #expect(found["ping at root URL"]?.1.contains("docker-worker of 2018") == true)
        try await root.control("{\"upstream\": \"\(web.url)\"}")
        found = try await checks(deployment, expecting: 0)
        #expect(found["ping at root URL"]?.0 == "ok")

        deployment.environment["AWS_PROVISIONER_BASE_URL"] = base + "/"
        found = try await checks(deployment, expecting: 78)
        #expect(found["form of baseUrl"]?.0 == "failed")
        deployment.environment["AWS_PROVISIONER_BASE_URL"] = root.url + "/v1"
        found = try await checks(deployment, expecting: 78)
        #expect(found["ping at baseUrl"]?.0 == "failed")
        deployment.environment["AWS_PROVISIONER_BASE_URL"] = "https://10.1.2.3:1/v1"
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "5s"
        found = try await checks(deployment, expecting: 0)
        #expect(found["network of baseUrl"]?.1.contains("private address (10.1.2.3)") == true)
        #expect(found["ping at baseUrl"]?.0 == "note")
    }
}
