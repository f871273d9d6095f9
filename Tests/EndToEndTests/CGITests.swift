import Domain
import Formats
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("aws-provisioner-api as a CGI program")
struct CGITests {
    /// A response in the form for the web server.
    struct Answer {
        let status: Int
        let headers: [String: String]
        let body: String

        var json: JSONObject { (try? JSONValue(parsing: Data(body.utf8)))?.objectValue ?? [:] }
    }

    private func ask(
        _ deployment: Deployment, _ variables: [String: String], input: String = ""
    ) async throws -> Answer {
        let ended = try await Command.run(
            Paths.api, [],
            environment: deployment.cgiEnvironment.merging(variables, uniquingKeysWith: { _, new in new }),
            input: input)
        #expect(ended.status == 0 && !ended.wasKilled)
        let parts = ended.output.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let headers = lines.reduce(into: [String: String]()) { headers, line in
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { headers[String(pair[0])] = pair[1].trimmingCharacters(in: .whitespaces) }
        }
        return Answer(
            status: Int(headers["Status"]?.prefix(3) ?? "") ?? 0, headers: headers,
            body: parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    @Test(
        "finds the method for every split of the path by a web server",
        arguments: [
            ["PATH_INFO": "/api/aws-provisioner/v1/ping"], ["PATH_INFO": "/v1/ping"],
            ["SCRIPT_NAME": "/api/aws-provisioner/v1", "PATH_INFO": "/ping"],
            ["SCRIPT_NAME": "/api/aws-provisioner", "PATH_INFO": "/v1/ping"],
            ["SCRIPT_NAME": "/v1", "PATH_INFO": "/ping"],
            ["SCRIPT_NAME": "/cgi-bin/x", "PATH_INFO": "/v1/ping"],
            ["REQUEST_URI": "/api/aws-provisioner/v1/ping?"],
        ])
    func paths(variables: [String: String]) async throws {
        let deployment = try await Deployment()
        let answer = try await ask(
            deployment, variables.merging(["REQUEST_METHOD": "GET"]) { first, _ in first })
        #expect(answer.status == 200)
        #expect(answer.json["alive"] == true)
    }

    @Test("returns a documented response in any environment, and never crashes")
    func oddEnvironments() async throws {
        let deployment = try await Deployment()
        for variables in [
            [:], ["REQUEST_METHOD": "BREW", "PATH_INFO": "/v1/ping"],
            ["REQUEST_METHOD": "PUT", "PATH_INFO": "/v1/worker-type/x", "CONTENT_LENGTH": "-1"],
            [
                "REQUEST_METHOD": "PUT", "PATH_INFO": "/v1/worker-type/x",
                "CONTENT_LENGTH": "99999999999999999999",
            ],
            ["REQUEST_METHOD": "PUT", "PATH_INFO": "/v1/worker-type/x", "CONTENT_LENGTH": "100"],
            ["REQUEST_METHOD": "GET", "PATH_INFO": "/v1/worker-type/\u{1}\u{7f}é"],
            [
                "REQUEST_METHOD": "DELETE", "PATH_INFO": "/v1/worker-type/x", "HTTP_HOST": "[::1]:99999",
                "HTTP_AUTHORIZATION": "Hawk \u{0301}",
            ],
            ["REQUEST_METHOD": "GET", "PATH_INFO": "/schemas/aws-provisioner/v1/../../x.json"],
        ] {
            let answer = try await ask(deployment, variables)
            #expect((400..<500).contains(answer.status), "\(variables): \(answer.status)")
            #expect(answer.json["code"]?.stringValue != nil)
            #expect(answer.json["requestInfo"]?.objectValue?.text("time") != nil)
        }
    }

    @Test("accepts a body in parts and a closed pipe, and reads no more than it needs")
    func limits() async throws {
        let deployment = try await Deployment()
        let large = try await ask(
            deployment,
            [
                "REQUEST_METHOD": "PUT", "PATH_INFO": "/v1/worker-type/x", "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": "1048577",
            ])
        #expect(large.status == 413)
        #expect(large.json.text("code") == "InputTooLarge")
        let closed = try await Command.run(
            "/bin/sh", ["-c", "exec \(Paths.api) >&-"],
            environment: deployment.cgiEnvironment.merging(["PATH_INFO": "/v1/ping"]) { first, _ in first })
        #expect(!closed.wasKilled && closed.status == 0)
    }

    @Test(
        "returns errors if input and output are one socket, as with mod_cgid of Apache",
        arguments: [(Paths.api, "/v1/worker-type/x", "401"), (Paths.status, "/", "405")])
    func oneSocket(program: String, path: String, status: String) async throws {
        let deployment = try await Deployment()
        // If the socket is closed with unread input, the response is lost.
        let answered = try await Command.run(
            Paths.python,
            [
                "-c",
                """
                import socket, subprocess, sys
                here, there = socket.socketpair()
                here.sendall(b"{" + b" " * 50_000)
                here.shutdown(socket.SHUT_WR)
                program = subprocess.Popen([sys.argv[1]], stdin=there, stdout=there)
                there.close()
                program.wait()
                print(here.makefile("rb").read().decode())
                """, program,
            ],
            environment: deployment.cgiEnvironment.merging([
                "REQUEST_METHOD": "PUT", "PATH_INFO": path, "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": "50001", "HTTP_AUTHORIZATION": "Hawk id=\"x\"",
            ]) { $1 })
        #expect(answered.output.hasPrefix("Status: \(status) "), "\(answered.errors)")
    }

    @Test("hides internal errors from the client, and logs them with the id of the incident")
    func incidents() async throws {
        let deployment = try await Deployment()
        var variables = ["REQUEST_METHOD": "GET", "PATH_INFO": "/v1/list-worker-types"]
        variables["AWS_PROVISIONER_DATABASE"] = "/nowhere/secret-place.sqlite"
        variables["AWS_PROVISIONER_ENCRYPTION_KEY"] = Data(repeating: 1, count: 32).base64EncodedString()
        let ended = try await Command.run(
            Paths.api, [], environment: deployment.cgiEnvironment.merging(variables) { _, new in new })
        #expect(ended.output.hasPrefix("Status: 500"))
        #expect(!ended.output.contains("secret-place"))
        let incident = try #require(
            ended.errors.components(separatedBy: "incident ").dropFirst().first?.prefix(22))
        #expect(ended.output.contains(incident))
    }

    @Test("returns a secret to exactly one of 64 concurrent requests")
    func oneWinner() async throws {
        let deployment = try await Deployment()
        let path = deployment.folder.file("provisioner.sqlite")
        let token = "AAAAAAAAQAKAAAAAAAAAAA"
        _ = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key")).secrets
            .create(
                token: token, workerType: "alpha", content: SecretContent(secrets: ["a": 1], scopes: []),
                expires: Date().addingTimeInterval(600), by: .program, now: Date())
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await ask(
                        deployment, ["REQUEST_METHOD": "GET", "PATH_INFO": "/v1/secret/" + token]
                    ).status
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [200: 1, 404: 63])
    }

    @Test("returns the status of the iterations, from none to a success")
    func backendStatus() async throws {
        let deployment = try await Deployment()
        let variables = ["REQUEST_METHOD": "GET", "PATH_INFO": "/v1/backend-status"]
        let before = try await ask(deployment, variables).json
        #expect(before == ["status": "pending", "lastCheckedIn": "1970-01-01T00:00:00.000Z"])
        _ = try await deployment.iterate()
        #expect(try await ask(deployment, variables).json.text("status") == "healthy")
        let late = variables.merging(["AWS_PROVISIONER_INTERVAL": "0.001s"]) { first, _ in first }
        #expect(try await ask(deployment, late).json.text("status") == "late")
    }

    @Test("shows the instances of EC2, and the check-in of a worker")
    func wholeLife() async throws {
        var deployment = try await Deployment()
        // The instance counts as running soon after its check-in.
        deployment.environment["AWS_PROVISIONER_CLAIM_GRACE"] = "0.001s"
        try await deployment.apply("alpha", .sample(secrets: ["s": "planted-worker-secret"]))
        try await deployment.setPending(["alpha": 1])
        let bid = try #require(try await deployment.iterate().list("bids").first)
        _ = try await deployment.iterate()
        let id = try #require(bid.text("instanceId"))
        let attribute = try await deployment.aws(
            "describe_instance_attribute", ["InstanceId": .string(id), "Attribute": "userData"])
        let encoded = try #require(attribute["UserData"]?.objectValue?.text("Value"))
        let data = try JSONValue(parsing: try #require(Data(base64Encoded: encoded))).objectValue
        let token = try #require(data?.text("securityToken"))
        func get(_ path: String) async throws -> Answer {
            try await ask(deployment, ["REQUEST_METHOD": "GET", "PATH_INFO": "/v1" + path])
        }
        let state = try await get("/state/alpha").json
        #expect(state.list("instances").first?.text("id") == id)
        #expect(state["summary"]?.objectValue?.number("pendingCapacity") == 1)
        #expect(try await get("/instance-started/\(id)/\(token)").status == 204)
        let secret = try await get("/secret/" + token).json
        #expect(secret["data"] == ["s": "planted-worker-secret"])
        #expect(secret["scopes"] == ["worker:cache:*"])
        #expect(try await get("/secret/" + token).status == 404)
        #expect(try await get("/state/alpha").json["summary"]?.objectValue?.number("runningCapacity") == 1)
        let report = try await deployment.iterate()
        #expect(report.list("workerTypes").first?.number("runningCapacity") == 1)
    }

    @Test("stores no worker type while EC2 is unavailable, unless the validation is disabled")
    func launchCheck() async throws {
        let deployment = try await Deployment()
        let manager = try await deployment.addClient(
            "manager", scopes: ["aws-provisioner:manage-worker-type:*", "worker:*"])
        let web = try deployment.webServer()
        try await deployment.ec2.control(#"{"fault": {"us-east-1": {"kind": "error"}}}"#)
        let body = String(decoding: try WorkerTypeDefinition.sample().json.serialized(), as: UTF8.self)
        let signed = try await Command.run(
            Paths.python,
            [
                "-c",
                """
                import mohawk, requests, sys
                url = sys.argv[1] + "/api/aws-provisioner/v1/worker-type/alpha"
                body = sys.stdin.read()
                keys = {"id": "manager", "key": sys.argv[2], "algorithm": "sha256"}
                header = mohawk.Sender(keys, url, "PUT", content=body, content_type="application/json").request_header
                answer = requests.put(url, data=body, headers={"Authorization": header, "Content-Type": "application/json"})
                print(answer.status_code, answer.headers.get("Retry-After"), answer.json()["code"])
                """, web.url, manager,
            ], input: body)
        #expect(signed.output == "503 5 ServiceUnavailable\n", "\(signed.errors)")
        #expect(try await deployment.workerTypes().isEmpty)
    }

    @Test("delegates authentication to the auth service, and refuses all clients while that fails")
    func delegation() async throws {
        let deployment = try await Deployment()
        let auth = try Server("auth_server.py")
        let nonces = Mutex(0)
        func header() -> String {
            let nonce = nonces.withLock { count in
                count += 1
                return count
            }
            return "Hawk id=\"x\", ts=\"\(Int(Date().timeIntervalSince1970))\", nonce=\"\(nonce)\", mac=\"m\""
        }
        func remove(_ authorization: String? = nil) async throws -> Answer {
            try await ask(
                deployment,
                [
                    "REQUEST_METHOD": "DELETE", "REQUEST_URI": "/v1/worker-type/alpha",
                    "PATH_INFO": "/v1/worker-type/alpha", "HTTP_HOST": "p.example:8080",
                    "HTTP_AUTHORIZATION": authorization ?? header(), "AWS_PROVISIONER_AUTH": "taskcluster",
                    "TASKCLUSTER_ROOT_URL": auth.url, "REMOTE_ADDR": "10.1.2.3",
                ])
        }
        #expect(try await remove().status == 403)
        let asked = try await auth.control(
            #"{"answer": {"status": "auth-success", "scheme": "hawk", "clientId": "c", "scopes": ["aws-provisioner:manage-worker-type:*"], "expires": "2100-01-01T00:00:00Z"}}"#
        )
        let question = try JSONValue(parsing: Data(asked.utf8)).objectValue?["asked"]
        let sent = try #require(question?.objectValue?.text("authorization"))
        #expect(
            question == [
                "method": "delete", "resource": "/v1/worker-type/alpha", "host": "p.example", "port": 8080,
                "authorization": .string(sent), "sourceIp": "10.1.2.3",
            ])
        let signed = header()
        #expect(try await remove(signed).status == 204)
        #expect(try await remove(signed).status == 401, "the same signature again")
        #expect(try await remove(header() + ", dlg=\"x\"").status == 401)
        try await auth.control(#"{"answer": {"status": "auth-failed", "message": "bad mac"}}"#)
        #expect(try await remove().status == 401)
        try await auth.control(#"{"answer": {"status": "auth-success"}}"#)
        #expect(try await remove().status == 503)
        try await auth.control(#"{"status": 500}"#)
        #expect(try await remove().status == 503)
    }
}
