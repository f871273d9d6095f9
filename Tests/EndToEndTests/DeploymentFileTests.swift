import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The files of cron and the Dockerfile")
struct DeploymentFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: Paths.root + "/" + path, encoding: .utf8)
    }

    /// The instructions of the image's last stage, continuation lines joined.
    private func lastStage() throws -> [(instruction: String, rest: String)] {
        let joined = try text("Dockerfile").replacing("\\\n", with: " ")
        let lines = joined.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let start = try #require(lines.lastIndex { $0.hasPrefix("FROM ") })
        return lines[start...].map { line in
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            return (parts[0], parts[1].split(separator: " ").joined(separator: " "))
        }
    }

    @Test("The README shows the configuration file of the package")
    func configuration() throws {
        #expect(try text("README.md").contains("```json\n\(try text("cron/config.json"))```\n"))
    }

    @Test("The files of the image exist, its libraries are those of the package, and it does not run as root")
    func image() throws {
        let stage = try lastStage()
        let package = try text("cron/debian/control")
        let run = try #require(stage.first { $0.instruction == "RUN" }).rest
        let libraries = ["libcurl4", "libssl3", "libxml2", "ca-certificates"]
        for library in libraries {
            #expect(run.contains(" \(library) "))
            #expect(package.contains(" \(library),"))
        }
        #expect(try text("Dockerfile").contains("\nRUN cron/build /out\n"))
        for copy in stage where copy.instruction == "COPY" && !copy.rest.hasPrefix("--from") {
            let source = copy.rest.split(separator: " ").map(String.init)[0]
            #expect(FileManager.default.fileExists(atPath: Paths.root + "/" + source), "\(source)")
        }
        let instructions = stage.map(\.instruction)
        let user2 = try #require(instructions.firstIndex(of: "USER"))
        #expect(stage[user2].rest == "aws-provisioner")
        #expect(try #require(instructions.firstIndex(of: "ENTRYPOINT")) > user2)
        #expect(FileManager.default.isExecutableFile(atPath: Paths.root + "/cron/container"))
        let guide = try text("Sources/Commands/Commands.docc/Container.md")
        #expect(guide.contains("port 8080") && stage.contains { $0 == ("EXPOSE", "8080") })
        let configuration = try text("cron/lighttpd.conf")
        #expect(configuration.contains("server.port = 8080\nserver.bind = \"127.0.0.1\"\n"))
        #expect(configuration.contains("\ncgi.limits = ("))
        // Only the container serves other machines without TLS.
        #expect(try text("cron/container").contains("LIGHTTPD_BIND:-0.0.0.0"))
    }

    @Test("systemd accepts the units, finds their manual, and reports a low exposure")
    func units() async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Paths.root + "/cron").filter {
            $0.hasSuffix(".service") || $0.hasSuffix(".timer")
        }
        let units = try names.map { name in
            try folder.write(
                try text("cron/" + name).replacing(
                    "/usr/bin/aws-provisioner ", with: "\(Paths.provisioner) "),
                to: name)
        }
        try FileManager.default.createDirectory(
            atPath: folder.file("man1"), withIntermediateDirectories: true)
        _ = try await Command.run(Paths.provisioner, ["man", folder.file("man1")])
        let verified = try await Command.run(
            "/usr/bin/systemd-analyze", ["verify"] + units, environment: ["MANPATH": folder.path])
        #expect(verified.status == 0 && verified.errors.isEmpty, "\(verified.errors)")
        let secure = try await Command.run(
            "/usr/bin/systemd-analyze",
            ["security", "--offline=true", "--threshold=20"] + units.filter { $0.hasSuffix(".service") })
        #expect(secure.status == 0, "above 2.0: \(secure.output.suffix(100))")
        // The unit's time limit must exceed the default of this setting.
        #expect(
            try text("Sources/Commands/Commands.docc/Settings.md").contains(
                "| `AWS_PROVISIONER_DEADLINE` | `deadline` | timeout of an iteration | 15m |"))
    }

    @Test("logrotate accepts its configuration, and rotates a log")
    func logrotate() async throws {
        let log = try folder.write("a line\n", to: "iterate.log")
        let me = "su \(NSUserName()) \(NSUserName())"
        let configuration = try folder.write(
            try text("cron/aws-provisioner.logrotate")
                .replacing("su aws-provisioner aws-provisioner", with: me)
                .replacing("/var/log/aws-provisioner", with: folder.path), to: "logrotate.conf")
        // logrotate refuses files that others may write.
        for (path, mode) in [(configuration, 0o600), (folder.path, 0o700)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        let arguments = ["--state", folder.file("state"), configuration]
        let checked = try await Command.run("/usr/sbin/logrotate", ["-d"] + arguments)
        #expect(checked.status == 0)
        #expect(!checked.errors.contains("error:"), "\(checked.errors)")
        let rotated = try await Command.run("/usr/sbin/logrotate", ["-f"] + arguments)
        #expect(rotated.status == 0, "\(rotated.errors)")
        #expect(!FileManager.default.fileExists(atPath: log), "the next iteration creates it")
    }

    @Test("The command of the crontab, run as by cron, writes only the log")
    func crontab() async throws {
        let deployment = try await Deployment()
        let ran = try await iterateByCron(deployment, log: deployment.folder.file("iterate.log"))
        #expect(ran.status == 0 && ran.output.isEmpty && ran.errors.isEmpty, "cron would send mail")
        let log = try String(contentsOfFile: deployment.folder.file("iterate.log"), encoding: .utf8)
        #expect(log.contains("iteration 1: success"))
    }

    @Test("The command of the crontab runs without a log: its folder is missing, or its disk is full")
    func crontabWithoutLog() async throws {
        let deployment = try await Deployment()
        let missing = try await iterateByCron(deployment, log: deployment.folder.file("none/iterate.log"))
        #expect(missing.status == 0 && missing.output.isEmpty)
        #expect(missing.errors.contains("iteration 1: success"), "cron sends the log as mail")
        let full = try await iterateByCron(deployment, log: "/dev/full")
        #expect(full.status == 0 && full.output.isEmpty && full.errors.isEmpty)
        #expect(
            try await deployment.run("status").output.contains("2  2"), "the second iteration is recorded")
    }

    /// Runs the command of the crontab as cron does.
    private func iterateByCron(_ deployment: Deployment, log: String) async throws -> Command {
        let line = try #require(
            try text("cron/aws-provisioner").split(separator: "\n").last { $0.hasPrefix("* * * * * ") })
        let fields = line.split(separator: " ", maxSplits: 6).map(String.init)
        #expect(fields[5] == "aws-provisioner", "the user that the package creates")
        return try await Command.run(
            "/bin/sh", ["-c", fields[6].replacing("/var/log/aws-provisioner/iterate.log", with: log)],
            environment: deployment.environment.merging(
                ["PATH": "\(Paths.products):/usr/bin:/bin"], uniquingKeysWith: { $1 }))
    }

    /// The files of the image, with their paths in this checkout.
    private func container(_ deployment: Deployment, port: Int) throws -> (
        script: String, environment: [String: String]
    ) {
        let script = Paths.root + "/cron/container"
        let configuration = try text("cron/lighttpd.conf")
            .replacing("server.port = 8080", with: "server.port = \(port)")
            .replacing("/usr/bin/aws-provisioner-api", with: Paths.api)
            .replacing("/usr/share/aws-provisioner", with: folder.path)
        var environment = deployment.cgiEnvironment
        environment["PATH"] = "\(Paths.products):/usr/sbin:/usr/bin:/bin"
        environment["HOME"] = folder.path
        environment["LIGHTTPD_BIND"] = "127.0.0.2"
        environment["LIGHTTPD_CONF"] = try folder.write(configuration, to: "lighttpd.conf")
        return (script, environment)
    }

    /// A free loopback port.
    private func freePort() async throws -> Int {
        let picked = try await Command.run(
            Paths.python,
            ["-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"])
        return try #require(Int(picked.output.trimmingCharacters(in: .newlines)))
    }

    @Test(
        "The container serves the API with the settings of the environment, starts iterations, and ends with code 0"
    )
    func serving() async throws {
        let deployment = try await Deployment()
        let port = try await freePort()
        var (script, environment) = try container(deployment, port: port)
        // A path that requires quotes in the configuration of lighttpd.
        let odd = folder.file(#"a "quoted\ name"#)
        try FileManager.default.createDirectory(atPath: odd, withIntermediateDirectories: true)
        environment["AWS_PROVISIONER_DATABASE"] = odd + "/p.sqlite"
        // Threads of the Swift runtime block signals, and a shell cannot unblock inherited signals.
        let unblocked = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
        let running = try Command.start(
            Paths.python, ["-c", unblocked + "os.execv(sys.argv[1], sys.argv[1:])", script],
            environment: environment)
        let url = "http://127.0.0.2:\(port)/api/aws-provisioner/v1/"
        let isUp = try await eventually {
            try await Command.run("/usr/bin/curl", ["-fsS", url + "ping"]).output.contains("\"alive\"")
        }
        #expect(isUp, "\(running.errorsSoFar)")
        let types = try await Command.run("/usr/bin/curl", ["-fsS", url + "list-worker-types"])
        #expect(types.output.filter { !$0.isWhitespace } == "[]", "\(types.errors)\(running.errorsSoFar)")
        #expect(
            try await Command.run(script, ["worker-type", "list", "--json"], environment: environment).status
                == 0)
        // The first iteration starts at the next full minute.
        let iterated = try await eventually(within: 90) {
            try await Command.run(script, ["doctor", "--max-age", "5m"], environment: environment).status == 0
        }
        #expect(iterated, "\(running.errorsSoFar)")
        running.signal(SIGTERM)
        let ended = try await running.end()
        #expect(ended.status == 0 && !ended.wasKilled, "\(ended.errors)")
        let after = try await Command.run("/usr/bin/curl", ["-fsS", url + "ping"])
        #expect(after.status != 0, "lighttpd has ended")
        for secret in Deployment.secrets { #expect(!(ended.output + ended.errors).contains(secret)) }
    }

    @Test("The configuration of Litestream replicates a database in use, and the restored database works")
    func litestream() async throws {
        let deployment = try await Deployment()
        let litestream = Paths.root + "/.build/test-venv/bin/litestream"
        let s3 = try Server("s3_server.py", ["backups"])
        var environment = deployment.environment
        environment["LITESTREAM_BUCKET"] = "backups"
        environment["LITESTREAM_REGION"] = "us-east-1"
        environment["LITESTREAM_ENDPOINT"] = s3.url
        let configuration = Paths.root + "/cron/litestream.yml"
        let replicating = try Command.start(
            litestream, ["replicate", "-config", configuration], environment: environment)
        #expect(
            await eventually { replicating.outputSoFar.contains("replicating to") },
            "\(replicating.errorsSoFar)")
        try await deployment.apply("alpha", .sample(minCapacity: 1, secrets: ["t": "planted-worker-secret"]))
        _ = try await deployment.iterate()
        let restored = deployment.folder.file("restored.sqlite")
        environment["AWS_PROVISIONER_ENCRYPTION_KEY_FILE"] = deployment.folder.file("provisioner.sqlite.key")
        let path = deployment.folder.file("provisioner.sqlite")
        let isWhole = try await eventually(within: 60) {
            try? FileManager.default.removeItem(atPath: restored)
            let made = try await Command.run(
                litestream, ["restore", "-config", configuration, "-o", restored, path],
                environment: environment)
            guard made.status == 0 else { return false }
            var there = environment
            there["AWS_PROVISIONER_DATABASE"] = restored
            let status = try await Command.run(Paths.provisioner, ["status", "--json"], environment: there)
                .output
            return status.contains("\"success\"")
        }
        #expect(isWhole, "\(replicating.errorsSoFar)")
        environment["AWS_PROVISIONER_DATABASE"] = restored
        let shown = try await Command.run(
            Paths.provisioner, ["worker-type", "show", "alpha", "--with-secrets"], environment: environment)
        #expect(shown.output.contains("planted-worker-secret"))
        replicating.signal(SIGTERM)
        _ = try await replicating.end()
    }
}
