import Domain
import Formats
import Foundation
import Glibc
import Storage
import TestSupport
import Testing

@Suite("restore")
struct RestoreTests {
    @Test("restores a backup, names the restored clients, and keeps the replaced database")
    func restore() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        _ = try await deployment.addClient("it's", scopes: ["x"])
        _ = try await deployment.addClient("kept", scopes: ["y"])
        let copy = deployment.folder.file("copy.sqlite")
        #expect(try await deployment.run("backup", copy).status == 0)
        #expect(try await deployment.run("client", "remove", "it's").status == 0)
        #expect(try await deployment.run("worker-type", "remove", "alpha").status == 0)

        let unasked = try await deployment.run("restore", copy)
        #expect(unasked.status == 64 && unasked.errors.contains("--yes"))
        #expect(try await deployment.workerTypes().isEmpty)

        let restored = try await deployment.run("restore", copy, "--yes")
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(restored.output.hasPrefix("restored \(copy): 1 worker types, 3 clients\n"))
        #expect(restored.output.contains("secrets: 0 dropped, 0 kept\n"))
        #expect(restored.output.hasSuffix(#"  aws-provisioner client remove -- 'it'\''s'"# + "\n"))
        let shown = try await deployment.run("worker-type", "show", "alpha", "--with-secrets")
        #expect(shown.output.contains("planted-worker-secret"))
        #expect(try await deployment.run("events").output.contains("database \(copy) restored by"))
        #expect(try await deployment.run("client", "remove", "--", "it's").status == 0)
        #expect(try await deployment.run("iterate").status == 0)

        let line = try #require(restored.output.firstMatch(of: /the replaced database is (.*)\n/))
        let back = try await deployment.run("restore", String(line.1), "--yes", "--json")
        #expect(back.status == 0, "\(back.errors)")
        let answer = try JSONValue(parsing: Data(back.output.utf8)).objectValue
        #expect(answer?["workerTypes"] == [])
        #expect(answer?.list("clients").map { $0.text("clientId") } == ["aws-provisioner/issuer", "kept"])
        #expect(try await deployment.workerTypes().isEmpty)
    }

    @Test("reads the copies of a folder without the key and without a change, and keeps a number of them")
    func copies() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1, secrets: ["t": "planted-worker-secret"]))
        _ = try await deployment.iterate()
        // The second iteration shows the instance that the first one launched.
        _ = try await deployment.iterate()
        let copies = deployment.folder.file("copies")
        try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: false)
        let made = try await deployment.run("backup", "--keep", "1", "--json", copies)
        #expect(made.status == 0, "\(made.errors)")
        let path = try #require(JSONValue(parsing: Data(made.output.utf8)).objectValue?.text("file"))
        let content = try Data(contentsOf: URL(filePath: path))
        var environment = deployment.environment
        environment["AWS_PROVISIONER_DATABASE"] = path
        environment["AWS_PROVISIONER_ENCRYPTION_KEY"] = "not a key"
        for arguments in [
            ["status"], ["explain", "alpha"], ["events"], ["instances"], ["worker-type", "list"],
        ] {
            let shown = try await Command.run(Paths.provisioner, arguments, environment: environment)
            #expect(shown.status == 0 && shown.output.contains("alpha"), "\(arguments): \(shown.errors)")
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == content)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copies).count == 1)

        // Copies are named after whole seconds.
        let isReplaced = try await eventually {
            try await deployment.run("backup", "--keep", "1", copies).output.contains("\(path): deleted\n")
        }
        #expect(isReplaced)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copies).count == 1)
        #expect(try await deployment.run("backup", "--keep", "0", copies).status == 64)
        #expect(try await deployment.run("backup", "--keep", "2", copies + "/new.sqlite").status == 64)
    }

    @Test("deletes secrets that workers may have fetched since, unless an option keeps them")
    func secrets() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        _ = try await deployment.iterate()
        let copy = deployment.folder.file("copy.sqlite")
        #expect(try await deployment.run("backup", copy).status == 0)
        func restored(_ options: String...) async throws -> JSONObject? {
            let ended = try await Command.run(
                Paths.provisioner, ["restore", copy, "--yes", "--json"] + options,
                environment: deployment.environment)
            #expect(ended.status == 0, "\(ended.errors)")
            return try JSONValue(parsing: Data(ended.output.utf8)).objectValue
        }
        #expect(try await restored("--keep-secrets")?.number("secretsKept") == 1)
        #expect(try await restored()?.number("secretsDropped") == 1)
        #expect(try await restored("--keep-secrets")?.number("secretsDropped") == 1, "it was dropped before")
    }

    @Test("asks for confirmation on a terminal, and does nothing without a yes")
    func asks() async throws {
        let deployment = try await Deployment()
        let copy = deployment.folder.file("copy.sqlite")
        #expect(try await deployment.run("backup", copy).status == 0)
        try await deployment.apply("alpha", .sample())
        func answer(_ text: String) async throws -> String {
            try await Command.run(
                "/usr/bin/script", ["-qec", "\(Paths.provisioner) restore \(copy)", "/dev/null"],
                environment: deployment.environment.merging(["COLUMNS": "300"], uniquingKeysWith: { $1 }),
                input: text + "\n"
            ).output
        }
        let question = "Replace \(deployment.folder.file("provisioner.sqlite")) by \(copy) (0 worker types"
        #expect(try await answer("").contains(question))
        #expect(try await deployment.run("worker-type", "list", "--json").output.contains("alpha"))
        #expect(try await answer("y").contains("restored \(copy)"))
        #expect(try await deployment.workerTypes().isEmpty)
    }

    @Test("does nothing while an iteration runs")
    func locked() async throws {
        let deployment = try await Deployment()
        let copy = deployment.folder.file("copy.sqlite")
        #expect(try await deployment.run("backup", copy).status == 0)
        try await deployment.apply("alpha", .sample())
        let lock = open(deployment.folder.file("provisioner.sqlite.lock"), O_RDWR | O_CREAT, 0o600)
        defer { close(lock) }
        try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let refused = try await deployment.run("restore", copy, "--yes")
        #expect(refused.status == 75 && refused.errors.contains("another iteration is under way"))
        #expect(try await deployment.run("worker-type", "list", "--json").output.contains("alpha"))
    }
}
