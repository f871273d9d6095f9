import Foundation
import TestSupport
import Testing

/// Checks of the owners and modes of files.
extension DoctorTests {
    @Test("fails for a database, a key or a folder that others may write", arguments: [0o020, 0o002])
    func writableFiles(bit: Int) async throws {
        let deployment = try await Deployment()
        for name in ["", "provisioner.sqlite", "provisioner.sqlite.key"] {
            let path = deployment.folder.file(name)
            let mode = try #require(
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
            chmod(path, mode_t(mode | bit))
            let found = try await checks(deployment, expecting: 78)["permissions"]
            #expect(found?.0 == "failed" && found?.1.contains("may write it") == true, "\(name)")
            chmod(path, mode_t(mode))
        }
        #expect(try await checks(deployment, expecting: 0)["permissions"] == nil)
    }

    @Test("fails for a file of another user", .enabled(if: geteuid() == 0, "only root can give files away"))
    func foreignFile() async throws {
        let deployment = try await Deployment()
        let write = deployment.folder.file("provisioner.sqlite-shm")
        _ = try deployment.folder.write("", to: "provisioner.sqlite-shm")
        chown(write, 65_534, 65_534)
        let found = try await checks(deployment, expecting: 77)["owners"]
        #expect(found?.0 == "failed" && found?.1.contains("-shm belongs to") == true, "\(found?.1 ?? "")")
    }

    @Test(
        "warns of a secret in a configuration that all users may read, and fails if other users may write it"
    )
    func configuration() async throws {
        var deployment = try await Deployment()
        deployment.environment["TASKCLUSTER_ACCESS_TOKEN"] = nil
        let folder = try TemporaryFolder()
        let path = try folder.write(#"{"taskclusterAccessToken": "queue-access-token"}"#, to: "config.json")
        deployment.environment["AWS_PROVISIONER_CONFIG"] = path
        chmod(path, 0o644)
        var found = try await checks(deployment, expecting: 0)["configuration"]
        #expect(
            found?.0 == "note" && found?.1.contains("every user may read it") == true, "\(found?.1 ?? "")")
        chmod(path, 0o640)
        found = try await checks(deployment, expecting: 0)["configuration"]
        #expect(found?.0 == (geteuid() == 0 ? "ok" : "note"), "\(found?.1 ?? "")")
        chmod(folder.path, 0o777)
        #expect(try await checks(deployment, expecting: 78)["configuration"]?.0 == "failed")
        chmod(folder.path, 0o755)
        chmod(path, 0o660)
        let refused = try await checks(deployment, expecting: 78)
        // Root does not read the file.
        #expect(refused[geteuid() == 0 ? "settings" : "configuration"]?.0 == "failed")
    }
}
