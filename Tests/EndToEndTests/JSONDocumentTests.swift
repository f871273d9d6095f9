import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The JSON documents of commands")
struct JSONDocumentTests {
    /// Commands without `--json`. The output of `demo` is a live table; `status --json` shows the database that it keeps.
    /// `worker-type example` prints JSON always.
    private static let without: Set = ["demo", "worker-type example"]

    /// Calls commands, and collects their documents.
    private final class Caller {
        var deployment: Deployment
        private(set) var documents: [String: [JSONValue]] = [:]

        init(_ deployment: Deployment) { self.deployment = deployment }

        /// - Parameter command: the words of the command.
        @discardableResult
        func call(_ command: String, _ arguments: String..., expecting status: Int32 = 0) async throws
            -> JSONObject
        {
            let words = command.split(separator: " ").map(String.init)
            let ended = try await Command.run(
                Paths.provisioner, words + arguments + ["--json"], environment: deployment.environment)
            #expect(ended.status == status, "\(command) \(arguments): \(ended.errors)")
            let texts = command == "events" ? ended.output.split(separator: "\n") : [ended.output[...]]
            let parsed = try texts.map { try JSONValue(parsing: Data($0.utf8)) }
            documents[command, default: []] += parsed
            return parsed.first?.objectValue ?? [:]
        }
    }

    /// The schema that the program prints for a command.
    private func schema(_ command: String) async throws -> JSONValue {
        let shown = try await Command.run(
            Paths.provisioner, ["schema"] + command.split(separator: " ").map(String.init))
        try #require(shown.status == 0, "\(shown.errors)")
        return try JSONValue(parsing: Data(shown.output.utf8))
    }

    /// The problems that a validator finds in documents, a line each.
    private func problems(in documents: [String: [JSONValue]]) async throws -> String {
        var items: [JSONValue] = []
        for (command, documents) in documents {
            items.append([
                "name": .string(command), "schema": try await schema(command), "documents": .array(documents),
            ])
        }
        let folder = try TemporaryFolder()
        let file = try folder.write(
            String(decoding: try JSONValue.array(items).serialized(), as: UTF8.self), to: "documents.json")
        let validated = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/clients/json_documents.py", file])
        try #require(validated.status == 0, "\(validated.errors)")
        return validated.output
    }

    /// The full names of the commands that accept `--json`, and of the others.
    private func commands() async throws -> (with: Set<String>, without: Set<String>) {
        let dumped = try await Command.run(Paths.provisioner, ["--experimental-dump-help"])
        let root = try JSONValue(parsing: Data(dumped.output.utf8)).objectValue?["command"]?.objectValue
        var found: (with: Set<String>, without: Set<String>) = ([], [])
        func add(_ command: JSONObject, _ words: [String]) {
            let children = command.list("subcommands").filter { $0.text("commandName") != "help" }
            for child in children { add(child, words + [child.text("commandName") ?? ""]) }
            guard children.isEmpty else { return }
            let names = command.list("arguments").flatMap { $0.list("names") }.map { $0.text("name") }
            let name = words.joined(separator: " ")
            if names.contains("json") { found.with.insert(name) } else { found.without.insert(name) }
        }
        add(try #require(root), [])
        return found
    }

    @Test("of every command have the form of the schema that the program prints")
    func schemas() async throws {
        let caller = Caller(try await Deployment())
        try await callCommands(caller)
        let known = try await commands()
        #expect(known.without == Self.without)
        #expect(Set(caller.documents.keys) == known.with)
        #expect(try await problems(in: caller.documents) == "")
        for (command, documents) in caller.documents where command != "schema" {
            for document in documents.compactMap(\.objectValue)
            where document["Statement"] == nil && document["scalingRatio"] == nil {
                #expect(document["schemaVersion"] == 1, "\(command)")
            }
        }
    }

    /// Calls each command in a deployment where launches are refused, capacity runs and definitions change.
    private func callCommands(_ caller: Caller) async throws {
        let folder = caller.deployment.folder
        func definition(_ maxCapacity: Int) throws -> String {
            let json = WorkerTypeDefinition.sample(minCapacity: 1, maxCapacity: maxCapacity).json
            return try folder.write(
                String(decoding: try json.serialized(), as: UTF8.self), to: "alpha.json")
        }
        caller.deployment.environment["AWS_PROVISIONER_SCHEDULES"] = "beta=UTC Mon-Sun 00:00-12:00 max=100"
        try await caller.call("init")
        try await caller.call("worker-type validate", try definition(5))
        try await caller.call("worker-type apply", "--offline", try definition(5))
        try await caller.call("worker-type diff", try definition(6), expecting: 1)
        let editor = try folder.write("#!/bin/sh\nsed -i 's/ : 5,/ : 4,/' \"$1\"\n", to: "editor.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: editor)
        caller.deployment.environment["EDITOR"] = editor
        try await caller.call("worker-type edit", "alpha", "--offline")
        try await caller.call("worker-type edit", "alpha", "--offline")
        for command in ["worker-type list", "client list", "region list", "export", "hold list"] {
            try await caller.call(command)
        }
        try await caller.call("worker-type show", "alpha")
        try await caller.call("worker-type show", "alpha", "--launch-specifications")
        try await caller.call("worker-type history", "alpha")
        try await caller.call("utility suggest", "alpha")
        let scores = try folder.write("instance_type,score\nc5.xlarge,2\n", to: "scores.csv")
        try await caller.call("utility suggest", "alpha", "--table", scores)
        try await caller.call("client add", "ci", "--scope", "a", "--expires", "2099-01-31T12:00:00Z")
        try await caller.call("client list")
        try await caller.call("client narrow-issuer", "--dry-run")
        try await caller.call("doctor", "--max-age", "1h", expecting: 1)

        try await caller.deployment.apply("beta", .sample(minCapacity: 1, regions: ["eu-west-1"]))
        try await caller.deployment.setPending(["alpha": 3, "beta": 0])
        try await caller.deployment.ec2.control(
            #"{"refusals": [{"zone": "us-east-1b", "code": "InsufficientInstanceCapacity"}]}"#)
        for _ in 0..<2 { try await caller.call("iterate") }
        let subjects = [
            ("worker-type", "beta"), ("region", "eu-west-1"), ("instance-type", "c5.xlarge"),
        ]
        for (noun, name) in subjects { try await caller.call("\(noun) pause", name, "--until", "1h") }
        for command in ["worker-type list", "region list", "instance-type list", "status"] {
            try await caller.call(command)
        }
        try await caller.call("iterate")
        try await caller.call("explain", "beta")
        for (noun, name) in subjects { try await caller.call("\(noun) resume", name) }
        try await caller.deployment.ec2.control(#"{"refusals": [{"code": "InvalidAMIID.NotFound"}]}"#)
        try await caller.deployment.setPending(["alpha": 40, "beta": 0])
        try await caller.call("iterate")
        try await caller.call("status")
        try await caller.call("costs", "--by", "worker-type,owner,region,pool,hour")
        try await caller.call("costs", "--by", "day")
        let prices = try folder.write(
            "region,instance_type,price_usd_per_hour\nus-east-1,c5.xlarge,0.17\n", to: "prices.csv")
        try await caller.call("on-demand-prices import", prices)
        try await caller.call("on-demand-prices list")
        try await caller.call("explain", "alpha")
        try await caller.call("explain", "alpha", "--iteration", "1")
        try await caller.call("events")
        try await caller.call("hold list")
        caller.deployment.environment["AWS_PROVISIONER_NOTIFY_COMMAND"] = "true"
        try await caller.call("iterate")
        try await caller.call("events", "--kind", "notified")
        try await caller.call("notify test")
        caller.deployment.environment["AWS_PROVISIONER_NOTIFY_COMMAND"] = nil
        try await caller.call("hold clear", "--all")
        try await caller.call("doctor")
        try await caller.call("doctor", "--max-age", "1h")
        try await caller.call("doctor", "--iam-policy")
        let listed = try await caller.call("instances", "alpha")
        let instance = try #require(listed.list("instances").first?.text("instanceId"))
        try await caller.call("rehearse interruption", instance)
        try await caller.call(
            "rehearse refusal", "InsufficientInstanceCapacity", "--pool", "us-east-1a c5.xlarge")
        try await caller.call("terminate", instance, "--yes")
        try await caller.call("terminate", "--worker-type", "alpha", "--yes")
        try await caller.call("terminate", "--worker-type", "alpha", "--yes")
        try await caller.call("iterate")
        try await caller.call("events", "--kind", "by-hand,terminated,changed")

        caller.deployment.environment["AWS_PROVISIONER_REGIONS"] = "us-east-1"
        try await caller.call("region list")
        try await caller.call("region forget", "eu-west-1")

        let exported = try await caller.deployment.run("export").output
        try await caller.call("import", try folder.write(exported, to: "all.json"), "--offline")
        let copy = folder.file("copy.sqlite")
        try await caller.call("backup", copy)
        try await caller.call("restore", copy, "--yes")
        try await caller.call("prune")
        try await caller.call("migrate")
        try await caller.call(
            "simulate", "--hours", "2", "--compare", "--schedule", "g*=UTC Mon 08:00-18:00 min=2")
        try await caller.call(
            "simulate", "--record", folder.file("prices.csv"), "--regions", "us-east-1", "--instance-types",
            "c5.xlarge")
        try await caller.call("man", folder.path)
        try await caller.call("schema", "status")
        try await caller.call("client remove", "ci", "--yes")
        try await caller.call("worker-type remove", "alpha", "--yes")
        caller.deployment.environment["AWS_PROVISIONER_DATABASE"] = folder.file("missing.sqlite")
        try await caller.call("doctor", "--max-age", "1h", expecting: 3)
    }

    @Test("with a member that the schema does not name, or without a required one, are found")
    func recognition() async throws {
        let valid: JSONObject = ["schemaVersion": 1, "file": "a", "bytes": 3, "deleted": []]
        #expect(try await problems(in: ["backup": [.object(valid)]]) == "")
        for (member, value, message) in [
            ("bytes", nil, "'bytes' is a required property"), ("other", true, "'other' was unexpected"),
            ("bytes", "3", "is not of type 'integer'"), ("schemaVersion", 2, "1 was expected"),
        ] as [(String, JSONValue?, String)] {
            var document = valid
            document[member] = value
            #expect(try await problems(in: ["backup": [.object(document)]]).contains(message))
        }
        let time: JSONValue = [
            "schemaVersion": 1, "at": "yesterday", "event": "failed", "workerType": nil, "text": "",
        ]
        #expect(try await problems(in: ["events": [time]]).contains("is not a 'date-time'"))
    }

    @Test("of a command that does not exist are refused, with the most similar name")
    func unknown() async throws {
        let shown = try await Command.run(Paths.provisioner, ["schema", "worker-type", "lst"])
        #expect(shown.status == 64)
        #expect(shown.errors.contains("Did you mean worker-type list?"), "\(shown.errors)")
    }
}
