import Domain
import Formats
import Foundation
import Platform
import TestSupport
import Testing

/// Commands that root runs on a deployment of another user, who is a number without an entry in the list of users.
@Suite(
    "aws-provisioner started by root",
    .enabled(if: geteuid() == 0, "needs root, to become another user"))
struct RootTests {
    private static let user: UInt32 = 54321

    /// A deployment whose files belong to the service user.
    private func deployment() async throws -> Deployment {
        let deployment = try await Deployment()
        chown(deployment.folder.path, Self.user, Self.user)
        for name in try FileManager.default.contentsOfDirectory(atPath: deployment.folder.path) {
            lchown(deployment.folder.file(name), Self.user, Self.user)
        }
        return deployment
    }

    private func owners(_ deployment: Deployment) throws -> [String: UInt32] {
        var owners: [String: UInt32] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: deployment.folder.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: deployment.folder.file(name))
            owners[name] = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value
        }
        return owners
    }

    @Test("iterate creates no file of root, and writes only files that its service user can write")
    func iterate() async throws {
        var deployment = try await deployment()
        let metrics = deployment.folder.file("p.prom")
        deployment.environment["AWS_PROVISIONER_METRICS_FILE"] = metrics
        _ = try await deployment.iterate()
        let owners = try owners(deployment)
        #expect(owners["provisioner.sqlite.lock"] == Self.user && owners["p.prom"] == Self.user)
        #expect(Set(owners.values) == [Self.user], "\(owners)")
        // The service user cannot open a folder of root.
        let folder = try TemporaryFolder()
        deployment.environment["AWS_PROVISIONER_METRICS_FILE"] = folder.file("p.prom")
        let ended = try await deployment.run("iterate")
        #expect(ended.errors.contains("p.prom cannot be written: Permission denied"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("p.prom")))
    }

    @Test("doctor finds a configuration that its service user cannot read")
    func unreadableConfiguration() async throws {
        var deployment = try await deployment()
        let folder = try TemporaryFolder()
        let path = try folder.write("{}", to: "config.json")
        chmod(folder.path, 0o755)
        chmod(path, 0o640)
        deployment.environment["AWS_PROVISIONER_CONFIG"] = path
        let ended = try await deployment.run("doctor")
        #expect(ended.output.contains("every check runs as"), "\(ended.output)")
        #expect(
            ended.output.contains(/configuration +failed +.*config.json: Permission denied/),
            "\(ended.output)")
    }

    @Test("All threads of an iteration run as the service user")
    func threads() async throws {
        let deployment = try await deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        try await deployment.queue.control(#"{"fault": {"alpha": "hang"}}"#)
        var start = ProcessLauncher(
            [Paths.provisioner, "iterate"],
            environment: deployment.environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own })
        (start.input, start.output, start.errors) = (.none, .none, .none)
        let process = try start.start()
        defer {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        let lock = deployment.folder.file("provisioner.sqlite.lock")
        #expect(await eventually { FileManager.default.contents(atPath: lock)?.isEmpty == false })
        let user = "Uid:\t\(Self.user)\t\(Self.user)\t\(Self.user)\t\(Self.user)\n"
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
        for path in ["/proc/\(process)/status"] + threads.map({ "/proc/\(process)/task/\($0)/status" }) {
            // A thread may have ended.
            guard let status = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
            #expect(status.contains(user), "\(path): \(status)")
        }
    }

    @Test("A lock that links to a file of root is refused, and the file is unchanged")
    func lock() async throws {
        let deployment = try await deployment()
        let folder = try TemporaryFolder()
        let victim = try folder.write("content of root's", to: "victim")
        let lock = deployment.folder.file("provisioner.sqlite.lock")
        symlink(victim, lock)
        lchown(lock, Self.user, Self.user)
        let ended = try await deployment.run("iterate")
        #expect(ended.status == 73 && ended.errors.contains("provisioner.sqlite.lock"), "\(ended.errors)")
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "content of root's")
        let owner = try FileManager.default.attributesOfItem(atPath: victim)[.ownerAccountID] as? NSNumber
        #expect(owner == 0)
    }

    @Test("A database that links to a file of root is opened with the rights of the service user")
    func linkedDatabase() async throws {
        let deployment = try await deployment()
        let roots = try await Deployment()
        let database = deployment.folder.file("provisioner.sqlite")
        try FileManager.default.removeItem(atPath: database)
        chmod(roots.folder.path, 0o755)
        symlink(roots.folder.file("provisioner.sqlite"), database)
        lchown(database, Self.user, Self.user)
        let ended = try await deployment.run("status")
        #expect(ended.status != 0 && ended.output.isEmpty, "\(ended.output)")
    }

    @Test("init makes the owner of the folder the owner of all files")
    func initialization() async throws {
        var deployment = try await Deployment()
        let folder = try TemporaryFolder()
        chown(folder.path, Self.user, Self.user)
        deployment.environment["AWS_PROVISIONER_DATABASE"] = folder.file("p.sqlite")
        #expect(try await deployment.run("init").status == 0)
        for name in ["p.sqlite", "p.sqlite.key"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect(attributes[.ownerAccountID] as? NSNumber == NSNumber(value: Self.user), "\(name)")
        }
    }

    @Test("Every command with the database runs as the service user, and the audit log names root")
    func commands() async throws {
        let deployment = try await deployment()
        let definition = String(decoding: try WorkerTypeDefinition.sample().json.serialized(), as: UTF8.self)
        let file = try deployment.folder.write(definition, to: "alpha.json")
        chown(deployment.folder.file("alpha.json"), Self.user, Self.user)
        for arguments in [
            ["worker-type", "apply", file], ["worker-type", "list"], ["worker-type", "show", "alpha"],
            ["worker-type", "diff", file], ["status"], ["explain", "alpha"], ["events"], ["instances"],
            ["client", "add", "other"], ["client", "list"], ["export"], ["prune", "--vacuum"],
            ["backup", deployment.folder.file("copy.sqlite")], ["doctor"],
        ] {
            let ended = try await Command.run(
                Paths.provisioner, arguments, environment: deployment.environment)
            #expect(Set(try owners(deployment).values) == [Self.user], "\(arguments) \(ended.errors)")
            #expect(arguments == ["explain", "alpha"] || ended.status == 0, "\(arguments) \(ended.errors)")
        }
        let history = try await deployment.run("worker-type", "history", "alpha", "--json").output
        #expect(history.contains("\"root\""), "\(history)")
    }

    @Test(
        "A configuration that others may write is refused, and one of the service user grants no other rights"
    )
    func configuration() async throws {
        var deployment = try await Deployment()
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "{\"database\": \"\(deployment.folder.file("provisioner.sqlite"))\"}", to: "c.json")
        deployment.environment["AWS_PROVISIONER_DATABASE"] = nil
        deployment.environment["AWS_PROVISIONER_CONFIG"] = file
        #expect(try await deployment.run("status").status == 0)
        chmod(file, 0o666)
        let writable = try await deployment.run("status")
        #expect(
            writable.status == 77 && writable.errors.contains("other users can write it"),
            "\(writable.errors)")
        chmod(file, 0o644)
        chown(file, Self.user, Self.user)
        #expect(try await deployment.run("status").status != 0, "the database is root's")
    }
}
