import Domain
import Formats
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    @Suite("The start of a worker of the original service")
    struct WorkerStartTests {
        /// The origin of worker credentials, and of the clients of the API.
        enum Setup: String, CaseIterable {
            /// Local clients, and the issuer of the database.
            case localIssuer
            /// Local clients, and a Taskcluster client as the issuer.
            case remoteIssuer
            /// The auth service, and a Taskcluster client as the issuer.
            case delegated
        }

        @Test(
            "works unchanged, from the user data to the half-hourly workerType call",
            arguments: Setup.allCases)
        func start(_ setup: Setup) async throws {
            var deployment = try await Deployment(
                regions: ["us-east-1"], issuesLocally: setup == .localIssuer)
            let root = try Server("taskcluster_root.py")
            deployment.environment["TASKCLUSTER_ROOT_URL"] = root.url
            // The instances count as running soon after their check-in.
            deployment.environment["AWS_PROVISIONER_CLAIM_GRACE"] = "0.001s"
            if setup == .delegated { deployment.environment["AWS_PROVISIONER_AUTH"] = "taskcluster" }
            let variables = try JSONValue.object(deployment.environment.mapValues(JSONValue.string))
                .serialized()
            let web = try Server(
                "web_server.py", ["lighttpd", Paths.api, String(decoding: variables, as: UTF8.self)])
            deployment.environment["AWS_PROVISIONER_BASE_URL"] = web.url + "/api/aws-provisioner/v1"

            // The clients of the auth service. In the local set-up, it has the issuer of the database as a client.
            let issuer = setup == .localIssuer ? "aws-provisioner/issuer" : "tester"
            let issuerToken = setup == .localIssuer ? try deployment.issuerToken() : "queue-access-token"
            let clients: JSONValue = [
                issuer: ["accessToken": .string(issuerToken), "scopes": ["assume:provisioner"]]
            ]
            let roles: JSONValue = [
                "provisioner": ["assume:worker-type:test-provisioner/*", "assume:worker-id:*", "worker:*"],
                "worker-type:test-provisioner/*": ["queue:claim-work:test-provisioner/*"],
            ]
            let control: JSONValue = [
                "clients": clients, "roles": roles, "pending": ["alpha": 3], "upstream": .string(web.url),
            ]
            // Without a client, requests to the Queue have no signature: it counts tasks for every caller.
            try await root.control(String(decoding: try control.serialized(), as: UTF8.self))

            var definition = WorkerTypeDefinition.sample(secrets: ["password": "planted-worker-secret"])
            definition.scopes = ["worker:cache:*"]
            try await deployment.apply("alpha", definition)
            _ = try await deployment.iterate()
            let instances = try await deployment.instances(region: "us-east-1")
            try #require(instances.count == 3)
            let kinds = ["generic-worker", "docker-worker", "docker-worker-2018"]
            let input: JSONValue = [
                "endpoint": .string(deployment.ec2.url), "root": .string(root.url), "clients": clients,
                "roles": roles,
            ]
            for (instance, kind) in zip(instances, kinds) {
                let played = try await Command.run(
                    Paths.python,
                    [
                        Paths.root + "/Tests/TestSupport/clients/worker_start.py", kind,
                        instance.text("InstanceId") ?? "", "us-east-1",
                    ], input: String(decoding: try input.serialized(), as: UTF8.self))
                #expect(played.status == 0 && played.output == "passed\n", "\(kind): \(played.errors)")
            }
            // Workers of 2018 and later reach the API below the root URL.
            let log = try JSONValue(parsing: Data(try await root.control("{}").utf8)).objectValue ?? [:]
            #expect(log["proxied"]?.arrayValue?.count == 6)
            #expect(try await deployment.iterate().list("workerTypes").first?.number("runningCapacity") == 3)
        }
    }
}
