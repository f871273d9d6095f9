import Configuration
import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The deployment context")
struct DeploymentContextTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("p.sqlite")
        let key = try EncryptionKeyFile.create(at: EncryptionKeyFile.path(forDatabase: path))
        let database = try ProvisionerDatabase(path: path, key: key, create: true)
        _ = try database.workerTypes.create(
            "alpha", .sample(secrets: ["t": "planted"]), by: .program, now: .start)
    }

    private func context(_ environment: [String: String] = [:]) throws -> DeploymentContext {
        let settings = try Settings(
            file: ["database": .string(path), "provisionerId": "p", "keyPrefix": "k:"],
            environment: environment)
        return DeploymentContext(settings, environment: environment)
    }

    @Test("opens the database for reading without the encryption key")
    func readOnly() throws {
        try FileManager.default.removeItem(atPath: path + ".key")
        let database = try context().openDatabase(.readOnly)
        #expect(try database.workerTypes.withoutSecrets().types.map(\.type.name) == ["alpha"])
        #expect(throws: StorageError.self) { try database.workerTypes.get("alpha") }
        #expect(throws: StorageError.self) { try database.iterations.begin(dryRun: false, now: .start) }
        #expect(throws: StorageError.self) { try context().openDatabase(.full) }
    }

    @Test("opens the database with the encryption key for full access")
    func full() throws {
        let database = try context().openDatabase(.full)
        #expect(try database.workerTypes.get("alpha")?.definition.secrets == ["t": "planted"])
    }

    @Test("reports a missing database before a missing key")
    func missing() throws {
        for suffix in ["", ".key"] { try FileManager.default.removeItem(atPath: path + suffix) }
        for access in [DeploymentContext.Access.readOnly, .full] {
            let error = #expect(throws: StorageError.self) { try context().openDatabase(access) }
            guard case .missing = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test("names the key pair by the prefix and the public key, without the comment of the key")
    func keyName() throws {
        #expect(try context().keyName() == nil)
        let data = [
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC",
        ]
        let names = try [data[0] + " me", data[0], data[1]].map {
            try context(["AWS_PROVISIONER_PUBLIC_KEY": $0]).keyName()
        }
        #expect(names[0]?.hasPrefix("k:") == true && names[0]?.hasPrefix("k::") == false)
        #expect(names[0] == names[1] && names[1] != names[2])
    }

    @Test("has credentials for the Queue only if the settings contain a client and its token")
    func taskclusterCredentials() throws {
        #expect(try context().taskclusterCredentials() == nil)
        #expect(try context(["TASKCLUSTER_CLIENT_ID": "c"]).taskclusterCredentials() == nil)
        let complete = ["TASKCLUSTER_CLIENT_ID": "c", "TASKCLUSTER_ACCESS_TOKEN": "t"]
        #expect(try context(complete).taskclusterCredentials() != nil)
        let broken = complete.merging(["TASKCLUSTER_CERTIFICATE": "{"]) { $1 }
        #expect(throws: Settings.Problems.self) { try context(broken).taskclusterCredentials() }
    }
}
