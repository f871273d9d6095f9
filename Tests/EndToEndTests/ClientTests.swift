import Domain
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    @Suite("aws-provisioner-api with published clients")
    struct ClientTests {
        @Test(
            "passes a scenario of all methods, behind web servers that are configured as documented",
            arguments: [
                ("14.3.1", "lighttpd"), ("16.2.0", "lighttpd"), ("7.0.1", "lighttpd"), ("4.0.1", "lighttpd"),
                ("14.3.1", "nginx"), ("14.3.1", "apache"), ("14.3.1", "apache-prefork"),
            ])
        func scenario(version: String, server: String) async throws {
            let deployment = try await Deployment()
            let manager = try await deployment.addClient(
                "manager",
                scopes: [
                    "aws-provisioner:manage-worker-type:*", "aws-provisioner:create-secret:*", "worker:*",
                    "a:*",
                ])
            let admin = try await deployment.addClient(
                "admin", scopes: ["aws-provisioner:manage-worker-type:*", "auth:create-client:named/*"])
            let weak = try await deployment.addClient("weak", scopes: ["aws-provisioner:other"])
            let web = try deployment.webServer(server)
            let passed = try await Command.run(
                Paths.python,
                [
                    Paths.root + "/Tests/TestSupport/clients/api_scenario.py",
                    Paths.root + "/.build/taskcluster/" + version, web.url, manager, weak,
                    try deployment.issuerToken(), admin,
                ])
            #expect(passed.status == 0 && passed.output == "passed\n", "\(passed.output)\(passed.errors)")
        }
    }
}
