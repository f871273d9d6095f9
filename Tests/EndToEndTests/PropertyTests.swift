import Foundation
import TestSupport
import Testing

extension HeavyTests {
    @Suite("aws-provisioner-api and its schemas")
    struct PropertyTests {
        @Test("agree about the documents of an independent generator")
        func properties() async throws {
            var deployment = try await Deployment()
            deployment.environment["AWS_PROVISIONER_VALIDATE_LAUNCH"] = "false"
            // Only a client with all scopes can store documents with any scopes.
            let manager = try await deployment.addClient("manager", scopes: ["*"])
            let web = try deployment.webServer()
            let passed = try await Command.run(
                Paths.python,
                [Paths.root + "/Tests/TestSupport/clients/api_properties.py", web.url, manager, "150"])
            #expect(passed.status == 0 && passed.output == "passed\n", "\(passed.output)\(passed.errors)")
        }
    }
}
