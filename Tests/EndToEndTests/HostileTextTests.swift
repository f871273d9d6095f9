import Domain
import Formats
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite("Hostile text")
struct HostileTextTests {
    private static let text = HostileText.text

    /// A deployment with an instance, and hostile text in all fields of the database with outside text.
    private func planted() async throws -> Deployment {
        let deployment = try await Deployment()
        var definition = WorkerTypeDefinition.sample(minCapacity: 1)
        definition.description = Self.text
        definition.owner = Self.text
        definition.userData = [HostileText.name: .string(Self.text)]
        try await deployment.apply("alpha", definition)
        _ = try await deployment.iterate()
        // The second iteration reads the instance.
        _ = try await deployment.iterate()
        definition.userData = [HostileText.name + "2": .string(Self.text + "3")]
        try await deployment.apply("alpha", definition)
        let path = deployment.folder.file("provisioner.sqlite")
        let database = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
        try plant(in: database)
        try await plant(path)
        return deployment
    }

    private func plant(in database: ProvisionerDatabase) throws {
        let now = Date()
        let pool = Pool(region: Self.text, availabilityZone: Self.text, instanceType: Self.text)
        for subject in [HoldSubject.region(Self.text), .workerType("alpha"), .pool(pool, .spot)] {
            try database.holds.record(
                Hold(
                    subject: subject, until: now.addingTimeInterval(900), failures: 1, code: Self.text,
                    message: Self.text, since: now))
        }
        var state = try #require(try database.regions.all()["us-east-1"])
        state = RegionState(
            region: state.region,
            instances: state.instances.map { instance in
                var instance = instance
                instance.id = Self.text
                instance.pool = pool
                instance.imageId = Self.text
                return instance
            }, spotRequests: [], availabilityZones: [Self.text], fetchedAt: now)
        try database.regions.save([state])
        try database.regions.setFailures(
            [
                CallSubject(.region, Self.text): ServiceFailure(
                    kind: .other, code: Self.text, message: Self.text)
            ], now: now)
        try database.audit.record(
            .terminated, .instance, [(Self.text, Self.text)], note: Self.text,
            by: Author(Self.text, by: Self.text),
            now: now)
        let client = ClientRecord(
            clientId: Self.text, scopes: [Self.text], expires: nil, description: Self.text, createdAt: now)
        #expect(try database.clients.add(client, accessToken: "t", by: Author(Self.text, by: Self.text)))
    }

    /// Stores values that the functions of the program do not store.
    private func plant(_ path: String) async throws {
        let summary: JSONValue = [
            "workerTypes": [["workerType": .string(Self.text), "change": 1]],
            "bids": [
                ["outcome": "failed", "error": .string(Self.text), "zone": .string(Self.text)],
                ["outcome": "launched", "instanceId": .string(Self.text), "market": .string(Self.text)],
            ],
            "terminated": [["id": .string(Self.text), "reason": "older than max life"]],
            "errors": [["subject": .string("queue \(Self.text)"), "message": .string(Self.text)]],
            "error": .string(Self.text),
            "calls": [
                "calls": 1,
                "actions": [["service": .string(Self.text), "action": .string(Self.text), "retries": 1]],
                "slowed": [["service": .string(Self.text), "region": .string(Self.text)]],
            ],
        ]
        let report = String(decoding: try summary.serialized(), as: UTF8.self)
        let text = Self.text
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let changes: [(sql: String, arguments: StatementArguments)] = [
            ("UPDATE iterations SET summary = ?, outcome = ?", [report, text]),
            (
                "UPDATE audit SET author = ?, means = ?, note = ? WHERE kind = 'worker type'",
                [text, text, text]
            ),
            ("UPDATE explanations SET json = json_set(json, '$.problems', json_array(?))", [text]),
            ("UPDATE launches SET error_code = ?, error_message = ?", [text, text]),
            (
                """
                INSERT INTO terminations (
                    instance_id, region, worker_type, reason, asked_at, last_asked_at, attempts
                ) VALUES (?, ?, ?, 'worker type removed', 1, 1, 2)
                """, [text, text, text]
            ),
            (
                "INSERT INTO interruptions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [text, text, text, text, text, text, text, now]
            ),
            (
                """
                INSERT INTO interruption_notices
                SELECT instance_id, 'ended', ?, ?, ? FROM launches WHERE instance_id IS NOT NULL
                """, [text, now, now]
            ),
        ]
        try await DatabaseQueue(path: path).write { db in
            for change in changes { try db.execute(sql: change.sql, arguments: change.arguments) }
        }
    }

    private func check(_ output: String, _ what: [String]) {
        #expect(HostileText.unsafeScalars(in: output).isEmpty, "\(what)")
        #expect(HostileText.forgedLines(in: output).isEmpty, "\(what)")
    }

    @Test("in any field of the database reaches no terminal by any command")
    func database() async throws {
        let deployment = try await planted()
        let file = try deployment.folder.write(
            try await deployment.run("worker-type", "show", "alpha").output.replacing(
                "for a test", with: "x"),
            to: "alpha.json")
        let changed = try deployment.folder.write(
            String(
                decoding: try WorkerTypeDefinition.sample().json.serialized(), as: UTF8.self),
            to: "alpha.new.json")
        let commands: [[String]] = [
            ["events"], ["events", "--json"], ["worker-type", "history", "alpha"],
            ["worker-type", "history", "alpha", "--json"], ["worker-type", "diff", changed],
            ["worker-type", "diff", changed, "--json"], ["status"], ["status", "--json"],
            ["status", "alpha"],
            ["explain", "alpha"], ["explain", "alpha", "--json"], ["explain", "alpha", "--iteration", "1"],
            ["worker-type", "list"],
            ["worker-type", "show", "alpha"], ["client", "list"], ["instances"], ["instances", "--json"],
            ["export"], ["import", "--dry-run", changed], ["import", "--dry-run", file], ["doctor"],
            ["doctor", "--json"], ["doctor", "--max-age", "10m"],
        ]
        for command in commands {
            let ended = try await Command.run(Paths.provisioner, command, environment: deployment.environment)
            #expect([0, 1, 65, 69, 78].contains(ended.status), "\(command): \(ended.errors)")
            check(ended.output + ended.errors, command)
        }
        // The output contains the texts.
        for command in [["events"], ["status"], ["worker-type", "history", "alpha"], ["instances"]] {
            let shown = try await Command.run(Paths.provisioner, command, environment: deployment.environment)
                .output
            #expect(shown.contains(#"evil\u{1b}]"#) || shown.contains(#"evil\u001b]"#), "\(command)")
        }
    }

    @Test("on a terminal with colours leaves only the escape sequences of the colours")
    func colours() async throws {
        let deployment = try await planted()
        for command in ["events", "status", "worker-type history alpha", "client list", "instances"] {
            let shown = try await Command.run(
                "/usr/bin/script", ["-qec", "\(Paths.provisioner) \(command)", "/dev/null"],
                environment: deployment.environment.merging(
                    ["COLUMNS": "400", "TERM": "xterm"], uniquingKeysWith: { $1 })
            ).output
            #expect(shown.contains("\u{1b}["), "\(command)")
            // The terminal driver ends lines with CR LF.
            let bare = shown.replacing("\r\n", with: "\n").replacing(/\u{1b}\[[0-9]+m/, with: "")
            check(bare, [command])
        }
    }

    @Test("in arguments and file names reaches no terminal by an error message")
    func arguments() async throws {
        let deployment = try await Deployment()
        let text = Self.text
        let commands: [[String]] = [
            ["worker-type", "show", text], ["worker-type", "apply", text], ["worker-type", "remove", text],
            ["worker-type", "history", text], ["worker-type", "diff", text], ["worker-type", "edit", text],
            ["import", text], ["status", text], ["explain", text], ["explain", "alpha", "--at", text],
            ["instances", text],
            ["events", "--since", text], ["events", "--since=\(text)"], ["events", "--kind", text],
            ["backup", "/nowhere/" + text], ["restore", text, "--yes"], ["restore", text],
            ["client", "add", text],
            ["client", "add", "a", "--scope", text], ["client", "add", "a", "--expires", text],
            ["client", "remove", text], ["terminate", text], ["terminate", "--worker-type", text],
            ["iterate", "--deadline", text], ["prune", "--changes", text], [text], ["--" + text],
            ["status", "--" + text], ["--config", text, "status"], ["status", "--config", text],
            ["status", "--database", text], ["doctor", "--config", text], ["simulate", "--policy", text],
            ["simulate", "--prices", text], ["man", text],
        ]
        for command in commands {
            let ended = try await Command.run(Paths.provisioner, command, environment: deployment.environment)
            check(ended.output + ended.errors, command)
        }
        let backup = deployment.folder.file(text)
        let copied = try await Command.run(
            Paths.provisioner, ["backup", backup], environment: deployment.environment)
        #expect(copied.status == 0 && copied.output.contains(#"evil\u{1b}]"#))
        check(copied.output, ["backup"])
    }

    @Test("from services forges no line of a log", arguments: ["text", "json"])
    func log(format: String) async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        deployment.environment["AWS_PROVISIONER_LOG_FORMAT"] = format
        deployment.environment["AWS_PROVISIONER_LOG_LEVEL"] = "debug"
        let body: JSONValue = ["code": .string(Self.text), "message": .string(Self.text)]
        let fault: JSONValue = ["fault": ["alpha": body], "pending": [:]]
        try await deployment.queue.control(String(decoding: try fault.serialized(), as: UTF8.self))
        let code = "Bad\u{9b}31m\u{202e}\u{2028}FORGED"
        let refusal: JSONValue = ["fault": ["us-east-1": ["kind": .string("code:" + code), "action": "Run"]]]
        try await deployment.ec2.control(String(decoding: try refusal.serialized(), as: UTF8.self))
        let ended = try await deployment.run("iterate")
        check(ended.errors, [format])
        #expect(ended.errors.contains(format == "text" ? #"\u{1b}"# : #"\u001b"#))
        for line in ended.errors.split(separator: "\n") {
            if format == "json" {
                #expect((try? JSONValue(parsing: Data(line.utf8)))?.objectValue?["time"] != nil, "\(line)")
            } else {
                #expect(line.prefixMatch(of: #/\d{4}-\d\d-\d\dT[0-9:.]+Z \w+: /#) != nil, "\(line)")
            }
        }
    }

    @Test(
        "in the environment of a CGI program forges no line of the web server's log",
        arguments: ["api", "status"])
    func cgi(program: String) async throws {
        let ended = try await Command.run(
            program == "api" ? Paths.api : Paths.status, [],
            environment: [
                "AWS_PROVISIONER_CONFIG": "/nowhere/" + Self.text, "REQUEST_METHOD": "GET", "PATH_INFO": "/",
                "SCRIPT_NAME": "/api", "HTTP_HOST": "localhost",
            ])
        #expect(
            ended.errors.hasPrefix("aws-provisioner-\(program): the configuration file /nowhere/evil\\u{1b}"))
        check(ended.errors, [program])
    }

    @Test("cannot bypass the output function: no command prints by any other")
    func onePrinter() throws {
        let folder = Paths.root + "/Sources/Commands"
        let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        let sources = names.filter {
            $0.hasSuffix(".swift") && !$0.hasSuffix("/Terminal.swift") && $0 != "Terminal.swift"
        }
        #expect(sources.count > 30)
        for name in sources {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            #expect(
                text.firstMatch(of: /(^|[^.\w])(print|debugPrint|puts|fputs|printf|dump)\(/) == nil, "\(name)"
            )
            #expect(!text.contains("STDERR_FILENO") && !text.contains("FileHandle"), "\(name)")
        }
    }
}
