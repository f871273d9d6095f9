import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

/// A deployment as an operator has one: moto's EC2, a Queue, a database, settings in the environment.
struct Deployment {
    static let secrets = [
        "planted-aws-secret", "planted-session-token", "queue-access-token", "planted-worker-secret",
    ]

    let folder: TemporaryFolder
    let ec2: Server
    let queue: Server
    var environment: [String: String]

    init(
        regions: [String] = ["us-east-1", "eu-west-1"], ec2Server: String = "ec2_server.py",
        issuesLocally: Bool = false
    ) async throws {
        folder = try TemporaryFolder()
        ec2 = try Server(ec2Server)
        queue = try Server("queue_server.py")
        environment = [
            "AWS_PROVISIONER_DATABASE": folder.file("provisioner.sqlite"),
            "AWS_PROVISIONER_ID": "test-provisioner",
            "AWS_PROVISIONER_BASE_URL": "https://provisioner.example.com/v1",
            "AWS_PROVISIONER_REGIONS": regions.joined(separator: ","),
            "AWS_PROVISIONER_WORKER_SCOPES": "worker:*,a:*",
            "AWS_PROVISIONER_CALL_TIMEOUT": "60s", "AWS_ENDPOINT_URL": ec2.url,
            "AWS_PROVISIONER_LOG_LEVEL": "trace", "AWS_ACCESS_KEY_ID": "test-key",
            "AWS_SECRET_ACCESS_KEY": "planted-aws-secret", "AWS_SESSION_TOKEN": "planted-session-token",
            "TASKCLUSTER_ROOT_URL": queue.url, "TASKCLUSTER_CLIENT_ID": "tester",
            "TASKCLUSTER_ACCESS_TOKEN": "queue-access-token",
        ]
        if issuesLocally {
            environment["TASKCLUSTER_CLIENT_ID"] = nil
            environment["TASKCLUSTER_ACCESS_TOKEN"] = nil
        }
        let made = try await run("init")
        try #require(made.status == 0, "\(made.errors)")
    }

    func run(_ arguments: String...) async throws -> Command {
        try await Command.run(Paths.provisioner, arguments, environment: environment)
    }

    func start(_ arguments: String...) throws -> RunningCommand {
        try Command.start(Paths.provisioner, arguments, environment: environment)
    }

    /// The response of the status program to a request for a path.
    func page(_ path: String) async throws -> Command {
        try await Command.run(
            Paths.status, [], environment: cgiEnvironment.merging(["PATH_INFO": path]) { $1 })
    }

    /// The names of the stored worker types.
    func workerTypes() async throws -> [String] {
        let listed = try await run("worker-type", "list", "--json")
        #expect(listed.status == 0, "\(listed.errors)")
        let document = try JSONValue(parsing: Data(listed.output.utf8)).objectValue ?? [:]
        return document.list("workerTypes").compactMap { $0.text("workerType") }
    }

    /// Stores a worker type.
    func apply(_ name: String, _ definition: WorkerTypeDefinition) async throws {
        let text = String(decoding: try definition.json.serialized(), as: UTF8.self)
        // Without calls of EC2, which tests count.
        let applied = try await run(
            "worker-type", "apply", "--offline", folder.write(text, to: name + ".json"))
        try #require(applied.status == 0, "\(applied.errors)")
    }

    func setPending(_ pending: [String: Int]) async throws {
        let counts = pending.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        try await queue.control("{\"pending\": {\(counts)}, \"fault\": {}}")
    }

    /// Runs an iteration, and returns its result.
    func iterate(expecting status: Int32 = 0) async throws -> JSONObject {
        let ended = try await run("iterate", "--json")
        #expect(ended.status == status, "\(ended.errors)")
        for secret in Self.secrets { #expect(!(ended.output + ended.errors).contains(secret)) }
        return try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
    }

    /// Calls EC2, or another service, with botocore and other credentials.
    @discardableResult
    func aws(
        _ operation: String, _ parameters: JSONValue = [:], region: String = "us-east-1",
        service: String = "ec2"
    ) async throws -> JSONObject {
        let call: JSONValue = [
            "service": .string(service), "url": .string(ec2.url), "region": .string(region),
            "operation": .string(operation),
            "parameters": parameters,
        ]
        let answer = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/ec2_client.py"],
            input: String(decoding: try call.serialized(), as: UTF8.self))
        try #require(answer.status == 0, "\(answer.errors)")
        return try JSONValue(parsing: Data(answer.output.utf8)).objectValue ?? [:]
    }

    /// Instances that are not terminated, according to botocore.
    func instances(region: String) async throws -> [JSONObject] {
        let answer = try await aws("describe_instances", region: region)
        return (answer["Reservations"]?.arrayValue ?? [])
            .flatMap { $0.objectValue?["Instances"]?.arrayValue ?? [] }.compactMap(\.objectValue)
            .filter { $0["State"]?.objectValue?["Name"] != "terminated" }
    }

    /// Number of running instances of a worker type in both regions.
    func count(_ workerType: String) async throws -> Int {
        var count = 0
        for region in ["us-east-1", "eu-west-1"] {
            count += try await instances(region: region).count { tags(of: $0)["Name"] == workerType }
        }
        return count
    }

    func tags(of instance: JSONObject) -> [String: String] {
        (instance["Tags"]?.arrayValue ?? []).reduce(into: [:]) { tags, tag in
            if let key = tag.objectValue?["Key"]?.stringValue {
                tags[key] = tag.objectValue?["Value"]?.stringValue
            }
        }
    }
}

extension JSONObject {
    func list(_ key: String) -> [JSONObject] { self[key]?.arrayValue?.compactMap(\.objectValue) ?? [] }

    func text(_ key: String) -> String? { self[key]?.stringValue }

    func number(_ key: String) -> Int? { self[key]?.integerValue }

    func texts(_ key: String) -> [String] { self[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}

extension Deployment {
    /// Adds a client of the API, and returns its access token.
    func addClient(_ id: String, scopes: [String]) async throws -> String {
        let added = try await Command.run(
            Paths.provisioner, ["client", "add", id] + scopes.flatMap { ["--scope", $0] },
            environment: environment)
        try #require(added.status == 0, "\(added.errors)")
        let answer = try JSONValue(parsing: Data(added.output.utf8)).objectValue
        return try #require(answer?.text("accessToken"))
    }

    /// The access token of the issuer that `init` created.
    func issuerToken() throws -> String {
        let path = folder.file("provisioner.sqlite")
        let database = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
        return try #require(try database.clients.get("aws-provisioner/issuer")).accessToken
    }

    /// The environment of the CGI program, with the clients of the database.
    var cgiEnvironment: [String: String] {
        environment.filter { !$0.key.hasPrefix("TASKCLUSTER_") || $0.key == "TASKCLUSTER_ROOT_URL" }
    }

    /// A web server with the API.
    func webServer(_ kind: String = "lighttpd") throws -> Server {
        let variables = try JSONValue.object(cgiEnvironment.mapValues(JSONValue.string)).serialized()
        return try Server(
            "web_server.py", [kind, Paths.api, String(decoding: variables, as: UTF8.self)])
    }
}
