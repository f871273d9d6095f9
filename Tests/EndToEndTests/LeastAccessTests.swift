import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("A command that only reads")
struct LeastAccessTests {
    @Test(
        "needs neither the encryption key nor the right to write",
        arguments: [
            ["status"], ["status", "--json"], ["status", "alpha"], ["explain", "alpha"], ["events"],
            ["instances"], ["doctor", "--max-age", "1h"], ["worker-type", "list"],
            ["worker-type", "history", "alpha"], ["client", "list"],
            ["---completion", "worker-type", "edit", "--", "positional@0", "0", "0", ""],
        ])
    func reads(arguments: [String]) async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1, secrets: ["t": "planted-worker-secret"]))
        _ = try await deployment.iterate()
        let path = deployment.folder.file("provisioner.sqlite")
        let content = try Data(contentsOf: URL(filePath: path))
        try FileManager.default.removeItem(atPath: path + ".key")
        // A key that is not readable would be noticed as well.
        deployment.environment["AWS_PROVISIONER_ENCRYPTION_KEY"] = "not a key"
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        let ended = try await Command.run(
            Paths.provisioner, arguments, environment: deployment.environment)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(!ended.output.isEmpty)
        #expect(try Data(contentsOf: URL(filePath: path)) == content)
    }
}
