import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

/// Mistakes of operators: each ends with a message that names the mistake, and with the documented exit code.
@Suite("A mistake")
struct MistakeTests {
    func expect(
        _ deployment: Deployment, _ arguments: [String], _ status: Int32, _ message: String,
        environment: [String: String] = [:], location: SourceLocation = #_sourceLocation
    ) async throws {
        let ended = try await Command.run(
            Paths.provisioner, arguments,
            environment: deployment.environment.merging(environment, uniquingKeysWith: { $1 }))
        #expect(ended.status == status, "\(arguments): \(ended.errors)", sourceLocation: location)
        #expect(
            (ended.errors + ended.output).contains(message), "\(arguments): \(ended.errors)\(ended.output)",
            sourceLocation: location)
    }

    @Test("in the name of a worker type, client, command or setting gets the nearest name")
    func names() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("build-linux", .sample())
        let hint = "there is no worker type build-linx. Did you mean build-linux?"
        for arguments in [
            ["status", "build-linx"], ["explain", "build-linx"], ["instances", "build-linx"],
            ["events", "--worker-type", "build-linx"], ["worker-type", "show", "build-linx"],
            ["worker-type", "history", "build-linx"], ["worker-type", "edit", "build-linx"],
            ["worker-type", "remove", "build-linx"], ["terminate", "--worker-type", "build-linx", "--yes"],
            ["hold", "clear", "--worker-type", "build-linx"],
        ] { try await expect(deployment, arguments, 66, hint) }
        try await expect(
            deployment, ["client", "remove", "aws-provisioner/isuer"], 66,
            "Did you mean aws-provisioner/issuer?")
        try await expect(
            deployment, ["instances", "--region", "us-esat-1"], 66,
            "there is no region us-esat-1. Did you mean us-east-1?")
        try await expect(deployment, ["statsu"], 64, "Unexpected argument 'statsu'. Did you mean 'status'?")
        try await expect(deployment, ["worker-type", "lsit"], 64, "Did you mean 'list'?")
        try await expect(deployment, ["status", "--jsn"], 64, "Did you mean '--json'?")
        try await expect(
            deployment, ["status"], 78, "Did you mean AWS_PROVISIONER_MAX_BID?",
            environment: ["AWS_PROVISIONER_MAXBID": "1"])
    }

    @Test("in the provisionerId is refused, until the database adopts it on purpose")
    func provisionerId() async throws {
        let deployment = try await Deployment()
        let other = ["AWS_PROVISIONER_ID": "other"]
        let message = "is other, and the database"
        for arguments in [["status"], ["iterate"], ["doctor"], ["init"], ["client", "add", "x"]] {
            try await expect(deployment, arguments, 78, message, environment: other)
        }
        try await expect(
            deployment, ["init", "--adopt-provisioner-id"], 0,
            "changed provisionerId test-provisioner to other",
            environment: other)
        try await expect(deployment, ["status"], 0, "no worker types", environment: other)
        try await expect(deployment, ["status"], 78, "of other: correct the setting")
    }

    @Test("in the path of the database is named by the kind of the file")
    func kinds() async throws {
        let deployment = try await Deployment()
        let folder = deployment.folder
        let other = folder.file("other.sqlite")
        try await DatabaseQueue(path: other).write { db in try db.execute(sql: "CREATE TABLE t (a)") }
        let text = try folder.write(String(repeating: "text ", count: 1000), to: "text")
        for arguments in [["status"], ["iterate"], ["init"], ["worker-type", "list"]] {
            try await expect(deployment, arguments + ["--database", text], 65, "is not an SQLite database")
            try await expect(deployment, arguments + ["--database", folder.path], 65, "is a folder")
            try await expect(
                deployment, arguments + ["--database", other], 65, "is the database of another program")
        }
    }

    @Test(
        "of the user is explained with the owner, and not reported as a missing file",
        .enabled(if: geteuid() == 0))
    func user() async throws {
        let deployment = try await Deployment()
        let path = deployment.folder.file("provisioner.sqlite")
        let config = try deployment.folder.write("{}", to: "config.json")
        chmod(config, 0o600)
        chmod(deployment.folder.path, 0o755)
        let variables = deployment.environment.map { "\($0.key)=\($0.value)" }
        func run(_ arguments: [String], _ more: [String] = []) async throws -> Command {
            try await Command.run(
                "/usr/bin/setpriv",
                ["--reuid=54321", "--regid=54321", "--clear-groups", "/usr/bin/env"] + variables + more
                    + [Paths.provisioner] + arguments)
        }
        let denied = try await run(["status"])
        #expect(denied.status == 77)
        #expect(
            denied.errors.contains(
                "cannot read \(path): Permission denied: \(path) belongs to root (mode 600)"))
        #expect(denied.errors.contains("user 54321 runs this command: run it as root"))
        let settings = try await run(["status"], ["AWS_PROVISIONER_CONFIG=\(config)"])
        #expect(settings.status == 77)
        #expect(settings.errors.contains("config.json cannot be read: Permission denied"))
        // The key.
        chmod(path, 0o644)
        let key = try await run(["worker-type", "show", "a"])
        #expect(key.status == 77 && key.errors.contains("\(path).key: Permission denied"), "\(key.errors)")
        chmod(deployment.folder.path, 0o700)
        let folder = try await run(["status"])
        #expect(folder.status == 77)
        #expect(folder.errors.contains("\(deployment.folder.path) belongs to root (mode 700)"))
    }

    @Test("A folder that cannot be written still serves reads", .enabled(if: geteuid() == 0))
    func readOnlyFolder() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        let path = deployment.folder.file("provisioner.sqlite")
        chmod(path, 0o644)
        chmod(deployment.folder.path, 0o755)
        for arguments in [["status"], ["worker-type", "list"], ["instances"], ["events"]] {
            let read = try await Command.run(
                "/usr/bin/setpriv",
                ["--reuid=54321", "--regid=54321", "--clear-groups", "/usr/bin/env"]
                    + deployment.environment.map { "\($0.key)=\($0.value)" } + [Paths.provisioner] + arguments
            )
            #expect(read.status == 0, "\(arguments): \(read.errors)")
        }
    }

    @Test("in a definition is refused with its place, and EC2 is asked for images and groups")
    func definitions() async throws {
        var deployment = try await Deployment(regions: ["us-east-1"])
        func write(_ definition: WorkerTypeDefinition) throws -> String {
            try deployment.folder.write(
                String(decoding: try definition.json.serialized(), as: UTF8.self), to: "alpha.json")
        }
        let broken = try deployment.folder.write("{\n  \"maxCapacity\": 1,\n}", to: "broken.json")
        try await expect(
            deployment, ["worker-type", "apply", broken], 65,
            "broken.json: is not valid JSON: line 3, column 1")
        let list = try deployment.folder.write("[]", to: "list.json")
        try await expect(
            deployment, ["worker-type", "validate", list], 65, "is an array, and must be a JSON object")
        var definition = WorkerTypeDefinition.sample(regions: ["us-east-1", "eu-west-1"])
        definition.launchSpec["SecurityGroups"] = ["no-such-group"]
        let missing = try write(definition)
        for arguments in [["worker-type", "apply", missing], ["import", missing]] {
            try await expect(deployment, arguments, 65, "us-east-1 has no security group no-such-group")
            try await expect(deployment, arguments, 65, "note: regions: nothing is launched in eu-west-1")
        }
        try await expect(deployment, ["worker-type", "show", "alpha"], 66, "there is no worker type alpha")
        definition.maxPrice = 50
        let expensive = try write(definition)
        try await expect(
            deployment, ["worker-type", "apply", "--offline", expensive], 0,
            "maxPrice: 50.0 is above the setting maxBid 10.0")
        deployment.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "2s"
        definition.maxPrice = 1
        try await expect(
            deployment, ["worker-type", "apply", write(definition)], 0, "note: EC2 was not asked for images")
        deployment.environment["EDITOR"] = "false"
        deployment.environment["AWS_PROVISIONER_VALIDATE_LAUNCH"] = "false"
        try await expect(deployment, ["worker-type", "diff", missing], 0, "no change")
    }

    @Test("in an argument is refused")
    func arguments() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        for (arguments, message) in [
            (["client", "add", "x", "--scope", "a b"], "a scope has no blanks"),
            (["client", "add", "x", "--expires", "2020-01-01T00:00:00Z"], "is in the past"),
            (["doctor", "--iam-policy", "--pass-role", "worker"], "is not the ARN of a role"),
            (["worker-type", "edit", "alpha"], "there is no terminal for vi"),
        ] { try await expect(deployment, arguments, 64, message) }
        try await expect(
            deployment, ["iterate"], 78, "must end in .prom",
            environment: ["AWS_PROVISIONER_METRICS_FILE": "/tmp/metrics.txt"])
        try await expect(deployment, ["client", "list", "--json"], 0, "aws-provisioner/issuer")
        let clients = try await deployment.run("client", "list", "--json").output
        #expect(!clients.contains("\"x\""))
        try await expect(
            deployment,
            [
                "simulate", "--record", deployment.folder.file("x.csv"), "--regions", "us-east-1",
                "--instance-types", "c5.large",
            ], 78, "credentials",
            environment: [
                "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true",
            ])
    }

    @Test("can be corrected: removals ask on a terminal, and a declined question exits with 1")
    func removals() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        _ = try await deployment.addClient("ci", scopes: ["a"])
        for arguments in [["worker-type", "remove", "alpha"], ["client", "remove", "ci"]] {
            let declined = try await Command.runOnTerminal(
                Paths.provisioner, arguments, environment: deployment.environment, input: "n\n")
            #expect(declined.status == 1 && declined.output.contains("[y/N]"), "\(declined.output)")
            #expect(declined.output.contains("nothing was done"))
            let confirmed = try await Command.runOnTerminal(
                Paths.provisioner, arguments, environment: deployment.environment, input: "y\n")
            #expect(confirmed.status == 0 && confirmed.output.contains("removed"), "\(confirmed.output)")
        }
    }

    @Test("in the setup of a monitor is answered with one line and the code of an unknown state")
    func monitor() async throws {
        let deployment = try await Deployment()
        for (arguments, environment, message) in [
            (["--database", "/nowhere/p.sqlite"], [:], "UNKNOWN: no database at /nowhere/p.sqlite"),
            ([], ["AWS_PROVISIONER_MAX_BID": "lots"], "UNKNOWN: AWS_PROVISIONER_MAX_BID"),
        ] as [([String], [String: String], String)] {
            let ended = try await Command.run(
                Paths.provisioner, ["doctor", "--max-age", "10m"] + arguments,
                environment: deployment.environment.merging(environment, uniquingKeysWith: { $1 }))
            #expect(ended.status == 3)
            #expect(ended.output.hasPrefix(message) && ended.errors.isEmpty, "\(ended.output)\(ended.errors)")
            #expect(ended.output.split(separator: "\n").count == 1)
        }
        try await deployment.ec2.control(
            #"{"fault": {"us-east-1": {"kind": "error", "action": "Describe"}, "eu-west-1": {"kind": "error", "action": "Describe"}}}"#
        )
        _ = try await deployment.run("iterate", "--deadline", "20")
        let blind = try await deployment.run("doctor", "--max-age", "10m")
        #expect(blind.status == 2)
        #expect(blind.output.hasPrefix("CRITICAL: iteration 1 finished"), "\(blind.output)")
    }

    @Test("An upgrade is made by migrate, init and iterate alone")
    func upgrade() async throws {
        let older = try #require(OlderDatabase.all.first)
        let folder = try TemporaryFolder()
        let path = folder.file("provisioner.sqlite")
        let statements = try older.statements
        try await DatabaseQueue(path: path).writeWithoutTransaction { db in try db.execute(sql: statements) }
        chmod(try folder.write(older.key + "\n", to: "provisioner.sqlite.key"), 0o600)
        chmod(path, 0o600)
        func run(_ arguments: String...) async throws -> Command {
            try await Command.run(
                Paths.provisioner, arguments, environment: ["AWS_PROVISIONER_DATABASE": path])
        }
        for arguments in [
            ["status"], ["export"], ["worker-type", "list"], ["client", "add", "x"], ["prune"], ["events"],
            ["backup", folder.file("copy")],
        ] {
            let refused = try await Command.run(
                Paths.provisioner, arguments, environment: ["AWS_PROVISIONER_DATABASE": path])
            #expect(refused.status == 78, "\(arguments) \(refused.errors)")
            #expect(refused.errors.contains("run `aws-provisioner migrate`"), "\(refused.errors)")
        }
        let migrated = try await run("migrate", "--json")
        let answer = try JSONValue(parsing: Data(migrated.output.utf8)).objectValue
        #expect(answer?.text("outcome") == "updated")
        let copy = try #require(answer?.text("copy"))
        #expect(FileManager.default.fileExists(atPath: copy))
        #expect(try await run("migrate").output == "\(path) is up to date\n")
        #expect(try await run("status").status == 0)
        let restored = try await run("restore", copy, "--yes")
        #expect(restored.status == 0, "\(restored.errors)")
    }
}
